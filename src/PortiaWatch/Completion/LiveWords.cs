using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Rendering;

namespace PortiaWatch.Completion;

/// <summary>Words that only this machine knows at this moment: held ports, the user's rules, the platform's sources. Whatever goes wrong, a TAB gives fewer words and no message.</summary>
/// <param name="configuration">The file that the command line names; null for the standard one.</param>
internal sealed class LiveWords(string? configuration)
{
    private const int MostTargets = 500;

    private readonly Lazy<Platform> _platform = new(Platforms.Here);

    /// <summary>Every held port once, with who holds it.</summary>
    public IEnumerable<Candidate> Targets()
    {
        IProcessTable processes = _platform.Value.Processes;
        return _platform.Value.Sockets.Listeners()
            .Where(owner => owner.Process != processes.Self && owner.Endpoint.Port is not null)
            .GroupBy(owner => (owner.Endpoint.Port, IsUdp: owner.Endpoint.Transport == Transport.Udp))
            .OrderBy(group => group.Key.IsUdp).ThenBy(group => group.Key.Port)
            .Take(MostTargets)
            .Select(group => new Candidate(group.Key.IsUdp ? $"udp/{group.Key.Port}" : $"{group.Key.Port}", About(group.First(), processes)));
    }

    public IEnumerable<Candidate> Rules() => Settings().Rules.Where(rule => rule.Name is not null).Select(rule => new Candidate(PlainText.Clean(rule.Title, 80), PlainText.Clean(rule.Action.ToString().ToLowerInvariant(), 20)));

    public IEnumerable<Candidate> Sources() => [new("stdin", "standard input"), new("file", "the files that the configuration names"), .. _platform.Value.Sources.Select(source => new Candidate(source.Name, ""))];

    private Settings Settings() => ConfigLoader.LoadOrDefault(configuration, Path.Combine(Folders.Configuration, "portia.json")).Settings ?? Pipeline.Configuration.Settings.Default;

    private static string About(SocketOwner owner, IProcessTable processes) => owner.Process is { } process && processes.Describe(process.Pid) is { } facts
        ? $"{Words.Name(facts.Name)} (pid {process.Pid}) {Words.Folder(facts.WorkingDirectory)}"
        : "another user's";
}
