using PortiaWatch.Pipeline.Events;
using PortiaWatch.Rendering;

namespace PortiaWatch.Top;

/// <summary>One listening endpoint with everybody who holds it. Texts are fit for the screen.</summary>
internal sealed record PortRow(Endpoint Endpoint, IReadOnlyList<Holder> Holders)
{
    public string Key { get; } = Endpoint.ToTarget();

    /// <summary>What is muted with this row: its port on any address.</summary>
    public string MuteKey { get; } = MuteKeyOf(Endpoint);

    public string Where { get; } = PlainText.Clean(Endpoint.ToString(), 80);

    public string Program { get; } = ProgramOf(Holders);

    public string Pid { get; } = Holders[0].Process is { } process ? $"{process.Identity.Pid}" : "";

    public string User { get; } = Words.Name(Holders[0].User);

    /// <summary>The project where it is known, else the folder.</summary>
    public string Folder { get; } = FolderOf(Holders[0]);

    public DateTimeOffset? StartedAt => Holders[0].Process?.StartedAt;

    public static string MuteKeyOf(Endpoint endpoint) =>
        endpoint.Port is { } port ? $"{(endpoint.Transport == Transport.Udp ? "udp" : "tcp")}/{port}" : endpoint.Path ?? "?";

    /// <summary>Ports only; unix sockets are for <c>portia list</c>.</summary>
    public static IReadOnlyList<PortRow> From(IEnumerable<Holder> holders) =>
        [.. holders.Where(holder => holder.Endpoint.Port is not null).GroupBy(holder => holder.Endpoint).Select(group => new PortRow(group.Key, [.. group]))];

    /// <summary>Every word of the filter is somewhere in the row.</summary>
    public bool Matches(IEnumerable<string> words) =>
        words.All(word => Contains(Where, word) || Contains(Program, word) || Pid == word || Contains(User, word) || Contains(Folder, word));

    private static bool Contains(string text, string word) => text.Contains(word, StringComparison.OrdinalIgnoreCase);

    private static string ProgramOf(IReadOnlyList<Holder> holders)
    {
        int others = holders.Select(holder => holder.Process?.Identity).Distinct().Count() - 1;
        string name = holders[0] switch
        {
            { Process: { } process } => Words.Name(process.Name),
            { Unit: { } unit } => Words.Name(unit),
            _ => "?",
        };
        return others > 0 ? $"{name} +{others}" : name;
    }

    private static string FolderOf(Holder holder) => holder.Process switch
    {
        { Container: { } container } => $"container {Words.Name(container)}",
        { Project: { } project } => Words.Folder(project),
        { WorkingDirectory: { } folder } => Words.Folder(folder),
        _ => "",
    };
}
