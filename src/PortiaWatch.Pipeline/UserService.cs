namespace PortiaWatch.Pipeline;

/// <summary>The watcher as a service of the user's session: a LaunchAgent, a systemd user unit.</summary>
public sealed record UserService
{
    /// <summary>Installs and starts it, replacing what was installed before. Takes the absolute path and the arguments of the watcher.</summary>
    public required Func<IReadOnlyList<string>, CancellationToken, Task<UserServiceReport>> InstallAsync { get; init; }

    /// <summary>What <see cref="InstallAsync"/> would write and run. Changes nothing.</summary>
    public required Func<IReadOnlyList<string>, UserServiceDraft> Draft { get; init; }

    /// <summary>Stops it and takes away what was installed. Fine when nothing was there.</summary>
    public required Func<CancellationToken, Task<UserServiceReport>> UninstallAsync { get; init; }

    public required Func<CancellationToken, Task<UserServiceReport>> StatusAsync { get; init; }
}
