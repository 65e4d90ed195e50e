namespace PortiaWatch.Telemetry;

/// <summary>What a collector made of what it was sent.</summary>
internal enum OtlpDelivery
{
    Taken,

    /// <summary>It will not take this, however often it is sent.</summary>
    Refused,

    /// <summary>It is away, slow, or asks for patience.</summary>
    Later,
}
