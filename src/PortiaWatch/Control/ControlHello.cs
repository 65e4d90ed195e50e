namespace PortiaWatch.Control;

/// <summary><c>portia.hello/1</c>: the first line of a <c>tail</c>; from here on nothing is missed without a <see cref="ControlMissed"/>.</summary>
internal sealed record ControlHello(string Schema, string Version, int Pid, DateTimeOffset StartedAt)
{
    public const string CurrentSchema = "portia.hello/1";
}
