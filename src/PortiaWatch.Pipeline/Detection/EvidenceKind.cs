namespace PortiaWatch.Pipeline.Detection;

/// <summary>What it is about a line that tells of a refused bind, strongest first.</summary>
internal enum EvidenceKind
{
    /// <summary><c>EADDRINUSE</c>, <c>AddrInUse</c>, <c>address_in_use</c>: the error by its name.</summary>
    ErrorName,

    /// <summary>"Address already in use" and its close relatives.</summary>
    Strerror,

    /// <summary>The same in another language.</summary>
    Translated,

    /// <summary>The number 98, 48 or 10048 where an error number stands.</summary>
    ErrorNumber,

    /// <summary>A port or endpoint is said to be in use, taken, occupied, allocated.</summary>
    PortBusy,

    /// <summary>Somebody else is said to be listening there.</summary>
    ActorOnPort,

    /// <summary>The file of a unix socket is there already.</summary>
    SocketExists,

    /// <summary>An X or VNC display is served already.</summary>
    DisplayActive,

    /// <summary>"Port 3000 is not available": printed for other causes too.</summary>
    Unavailable,

    /// <summary>Binding or listening failed and the text does not say why.</summary>
    AttemptFailed,
}
