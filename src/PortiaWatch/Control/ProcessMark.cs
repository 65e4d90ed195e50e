using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Control;

/// <summary>A <see cref="ProcessIdentity"/> on the wire.</summary>
internal sealed record ProcessMark(int Pid, ulong Generation, ulong? Image)
{
    public static ProcessMark Of(ProcessIdentity process) => new(process.Pid, process.Generation, process.Image);

    public ProcessIdentity ToIdentity() => new(Pid, Generation, Image);
}
