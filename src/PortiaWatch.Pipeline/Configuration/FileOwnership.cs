namespace PortiaWatch.Pipeline.Configuration;

/// <summary>Who owns a file, as the platform can tell it.</summary>
/// <param name="OwnerOf">Uid of the owner; null when it cannot be told.</param>
/// <param name="CurrentUser">Our effective uid.</param>
public sealed record FileOwnership(Func<string, uint?> OwnerOf, uint CurrentUser);
