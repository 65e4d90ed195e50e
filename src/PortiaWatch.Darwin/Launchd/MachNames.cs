using PortiaWatch.Darwin.Processes;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Darwin.Launchd;

/// <summary>
/// Who has a Mach service name, the other thing that two programs fight over. No call tells it: every job's own page is looked through by <c>launchctl print</c>, which is
/// for people and no API, so that the answer explains and is never acted on. Written <c>mach/NAME</c>, where a socket's path stands.
/// </summary>
/// <param name="print">Runs <c>launchctl print TARGET</c>; null when it failed.</param>
/// <param name="uid">Whose session to look in.</param>
internal sealed class MachNames(Func<string, string?> print, uint uid)
{
    public const string Prefix = "mach/";

    private const int MostPages = 60;

    private const string Note = "Error 1100 may as well be a refused permission: a sandbox gives the same code.";

    /// <param name="path">With its prefix.</param>
    public Occupancy Blocking(string path)
    {
        string name = path[Prefix.Length..];
        bool isAnswered = false;
        foreach (string domain in (string[])[$"gui/{uid}", $"user/{uid}", "system"])
        {
            if (print(domain) is not { } listing)
                continue;
            isAnswered = true;
            if (!LaunchctlText.Endpoints(listing).Contains(name, StringComparer.Ordinal))
                continue;
            return JobWith(name, domain, listing) is { } job ? Held(path, job) : new Occupancy
            {
                State = PortState.Held,
                Owners = [Owner(path, null, null)],
                Limit = $"launchd knows the name in {domain}, and no job's page shows it. {Note}",
            };
        }

        return isAnswered
            ? new Occupancy { State = PortState.Free, Limit = $"launchd has no service of that name in your session or in the system. {Note}" }
            : new Occupancy { State = PortState.Unknown, Limit = "launchctl print did not answer." };
    }

    // A page costs a child process: jobs whose label resembles the name come first, running ones before the others, and not all of the hundreds there are.
    private LaunchdJob? JobWith(string name, string domain, string listing) =>
        LaunchctlText.Services(domain, listing)
            .OrderByDescending(job => CommonStart(job.Label, name)).ThenByDescending(job => job.Pid > 0)
            .Take(MostPages)
            .FirstOrDefault(job => print($"{domain}/{job.Label}") is { } page && LaunchctlText.Endpoints(page).Contains(name, StringComparer.Ordinal));

    private static Occupancy Held(string path, LaunchdJob job) => new()
    {
        State = PortState.Held,
        Owners = [Owner(path, job.Pid > 0 ? IdentityReader.Read(job.Pid) : null, job.Label)],
        Limit = job.Pid > 0 ? Note : $"{PlainText.Clean(job.Label, 120)} has the name and does not run now; launchd starts it on demand. {Note}",
    };

    // No socket: nothing here may be taken for proof.
    private static SocketOwner Owner(string path, ProcessIdentity? process, string? label) =>
        new() { Endpoint = new Endpoint { Transport = Transport.Unix, Path = path }, Use = SocketUse.Listening, Socket = 0, Process = process, Unit = label };

    private static int CommonStart(string one, string other) => one.AsSpan().CommonPrefixLength(other);
}
