namespace PortiaWatch.Web;

/// <summary>Somebody chose in the page to leave the holder of an incident alone.</summary>
/// <param name="Incident">Its id.</param>
internal sealed record LeaveWish(string? Incident);
