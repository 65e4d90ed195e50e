namespace PortiaWatch.Control;

/// <summary><c>portia.missed/1</c>: so many lines were dropped here because the client did not read.</summary>
internal sealed record ControlMissed(string Schema, long Count)
{
    public const string CurrentSchema = "portia.missed/1";
}
