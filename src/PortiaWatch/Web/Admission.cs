namespace PortiaWatch.Web;

/// <summary>What the gate lets a request do.</summary>
internal enum Admission
{
    /// <summary>Nothing: 403, and not a word about why.</summary>
    Refused,

    /// <summary>It brought the token for the first time and gets the cookie.</summary>
    Exchange,

    Admitted,
}
