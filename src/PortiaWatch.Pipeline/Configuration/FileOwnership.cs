namespace PortiaWatch.Pipeline.Configuration;

/// <summary>Who owns a file, as the platform can tell it.</summary>
/// <param name="OwnerOf">Uid and gid of the file or folder at a path, links followed; null when it cannot be told.</param>
/// <param name="CurrentUser">Our effective uid.</param>
public sealed record FileOwnership(Func<string, (uint User, uint Group)?> OwnerOf, uint CurrentUser);
