using System.Globalization;
using Microsoft.Win32.SafeHandles;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Enrichment;

/// <summary>
/// Proposes the port of a failure whose message has none, from what the refused process was asked to do. A proposal is kept only if somebody else holds that
/// port right now, and only if it is the only one of its kind.
/// </summary>
/// <param name="sockets">Who holds what is proposed.</param>
/// <param name="processes">What the system knows of the refused process.</param>
/// <param name="open">Opens a regular file without ever waiting, for configuration files that the command line names; null: they are not read.</param>
public sealed class PortInference(ISocketTable sockets, IProcessTable processes, Func<string, SafeFileHandle?>? open = null)
{
    /// <summary>The origin of a port that whoever started the program typed.</summary>
    public const string CommandLine = "the command line";

    private static readonly string[] PortVariables = ["PORT", "HTTP_PORT", "SERVER_PORT", "LISTEN_PORT"];

    /// <summary>Null when nothing is proposed, nothing proposed is held, or it is ambiguous.</summary>
    public (Endpoint Endpoint, string Origin)? Propose(ProcessFacts contender, string? unit, Endpoint stated, int? contenderPid)
    {
        IReadOnlyList<string> arguments = contender.Command is { Count: > 1 } command ? [.. command.Skip(1)] : [];
        return Only(CommandLinePorts.Named(arguments), CommandLine)
            ?? Only(FromEnvironment(contender.Identity.Pid), "its environment")
            ?? Only(CommandLinePorts.Addressed(arguments), CommandLine)
            ?? Only(processes.DeclaredPorts(unit ?? contender.Supervisor?.Name), "its unit's socket definition")
            ?? Only(open is null ? [] : new ConfigFilePorts(open).Of(contender, arguments), "its configuration file")
            ?? Only(CommandLinePorts.Bare(arguments), CommandLine);

        (Endpoint, string)? Only(IEnumerable<int> ports, string origin)
        {
            int[] held = [.. ports.Distinct().Where(port => IsHeldByAnother(stated with { Port = port }, contender, contenderPid)).Take(2)];
            return held.Length == 1 ? (stated with { Port = held[0] }, origin) : null;
        }
    }

    private IEnumerable<int> FromEnvironment(int pid)
    {
        foreach (string variable in PortVariables)
        {
            if (processes.EnvironmentVariable(pid, variable) is { } value
                && ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) && port > 0)
            {
                yield return port;
            }
        }
    }

    private bool IsHeldByAnother(Endpoint endpoint, ProcessFacts contender, int? contenderPid)
    {
        Occupancy occupancy = sockets.Blocking(endpoint, contenderPid);
        return occupancy.State == PortState.Held && occupancy.Owners.Any(owner => owner.Process?.Pid != contender.Identity.Pid);
    }
}
