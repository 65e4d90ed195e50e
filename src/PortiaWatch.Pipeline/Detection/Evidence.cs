namespace PortiaWatch.Pipeline.Detection;

/// <summary>One place of a line that tells of a refused bind. <paramref name="About"/> is the endpoint that the phrase itself is about; null when it names none.</summary>
internal sealed record Evidence(EvidenceKind Kind, int Start, int End, Mention? About = null)
{
    public bool IsCauseStated => Kind < EvidenceKind.Unavailable;

    /// <summary>True when the error itself is named, by name, number or strerror; prose is weaker and may be followed by "trying another one".</summary>
    public bool IsError => Kind <= EvidenceKind.ErrorNumber;

    public string Pattern => Kind switch
    {
        EvidenceKind.ErrorName => "errno-name",
        EvidenceKind.Strerror => "address-in-use",
        EvidenceKind.Translated => "address-in-use-translated",
        EvidenceKind.ErrorNumber => "errno-number",
        EvidenceKind.PortBusy => "port-busy",
        EvidenceKind.ActorOnPort => "another-on-port",
        EvidenceKind.SocketExists => "socket-exists",
        EvidenceKind.DisplayActive => "display-active",
        EvidenceKind.Unavailable => "port-unavailable",
        _ => "bind-failed",
    };
}
