using System.Globalization;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Darwin.Processes;

/// <summary>Stands where processes cannot be read: knows our own pid and nothing else.</summary>
internal sealed class UnreadProcessTable : IProcessTable
{
    public ProcessIdentity Self { get; } = new(Environment.ProcessId, 0, null);

    public uint CurrentUser => uint.MaxValue;

    public ProcessIdentity? Identify(int pid) => null;

    public ProcessFacts? Describe(int pid) => null;

    public IReadOnlyList<ProcessIdentity> Descendants(ProcessIdentity process) => [];

    public string UserName(uint uid) => uid.ToString(CultureInfo.InvariantCulture);

    public string? EnvironmentVariable(int pid, string name) => null;
}
