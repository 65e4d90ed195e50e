namespace PortiaWatch.Pipeline.Configuration;

/// <summary>Who owns a file, as the platform can tell it.</summary>
/// <param name="OwnerOf">Uid and gid of the file or folder at a path, links followed; null when it cannot be told.</param>
/// <param name="CurrentUser">Our effective uid.</param>
public sealed record FileOwnership(Func<string, (uint User, uint Group)?> OwnerOf, uint CurrentUser)
{
    /// <summary>False for what is there and no regular file: to open a named pipe is to wait for whoever writes into it. Null where the platform cannot tell.</summary>
    public Func<string, bool>? IsRegular { get; init; }
}
