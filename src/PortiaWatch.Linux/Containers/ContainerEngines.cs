using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Containers;

/// <summary>The container engines whose sockets this user may use, rootful and rootless. Asked only for processes that containers explain.</summary>
internal sealed class ContainerEngines(Func<IReadOnlyList<ContainerEngine>> engines, TimeProvider time)
{
    // One "list" asks for every holder in turn.
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private IReadOnlyList<(ContainerEngine Engine, RunningContainer Container)> _known = [];
    private long? _readAt;

    /// <summary>The well-known sockets, and those that the environment names, as far as they are there now.</summary>
    public static ContainerEngines OfThisUser(TimeProvider time) => new(Find, time);

    /// <summary>The facts with the container that the process runs in or publishes <paramref name="endpoint"/> for; unchanged for every other process.</summary>
    public ProcessFacts Explain(ProcessFacts facts, Endpoint endpoint)
    {
        // Inside it, as the cgroup says: host networking.
        if (facts.Supervisor is { Kind: "docker" or "podman", IsProxy: false } inside && facts.Container is { Length: > 0 } shortId)
        {
            return One(known => known.Container.Id.StartsWith(shortId, StringComparison.Ordinal) && known.Engine.Kind == inside.Kind) is { } own
                ? facts with { Container = own.Container.Title, Supervisor = own.Engine.Supervise(own.Container, isProxy: false) }
                : facts;
        }

        if (PortProxy.EngineOf(facts) is not { } kind)
            return facts;
        string? id = PortProxy.ContainerId(facts.Command ?? []);
        return One(known => known.Engine.Kind == kind && known.Container.Publishes(endpoint) && (id is null || known.Container.Id == id)) is { } behind
            ? facts with { Container = behind.Container.Title, Supervisor = behind.Engine.Supervise(behind.Container, isProxy: true) }
            : facts;
    }

    // Two that fit are none: the wrong one must not be stopped.
    private (ContainerEngine Engine, RunningContainer Container)? One(Func<(ContainerEngine Engine, RunningContainer Container), bool> fits)
    {
        (ContainerEngine Engine, RunningContainer Container)[] fitting = [.. Known().Where(fits).DistinctBy(known => known.Container.Id).Take(2)];
        return fitting.Length == 1 ? fitting[0] : null;
    }

    private IReadOnlyList<(ContainerEngine Engine, RunningContainer Container)> Known()
    {
        lock (_lock)
        {
            if (_readAt is not { } at || time.GetElapsedTime(at) > Freshness)
            {
                _known = [.. engines().SelectMany(engine => engine.List().Select(container => (engine, container)))];
                _readAt = time.GetTimestamp();
            }

            return _known;
        }
    }

    private static List<ContainerEngine> Find()
    {
        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        string? runtime = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
        List<ContainerEngine> engines = [];
        foreach ((string kind, string? path) in ((string, string?)[])
        [
            ("docker", Named("DOCKER_HOST")), ("podman", Named("CONTAINER_HOST")),
            ("docker", runtime is null ? null : $"{runtime}/docker.sock"), ("podman", runtime is null ? null : $"{runtime}/podman/podman.sock"),
            ("docker", $"{home}/.docker/run/docker.sock"), ("docker", $"{home}/.docker/desktop/docker.sock"),
            ("docker", "/run/docker.sock"), ("podman", "/run/podman/podman.sock"),
        ])
        {
            // DOCKER_HOST often names podman's socket.
            if (path is not null && File.Exists(path) && !engines.Exists(engine => engine.Socket == path))
                engines.Add(new ContainerEngine(path.Contains("podman", StringComparison.Ordinal) ? "podman" : kind, path));
        }

        return engines;

        static string? Named(string variable) => Environment.GetEnvironmentVariable(variable) is { } address && address.StartsWith("unix://", StringComparison.Ordinal) ? address["unix://".Length..] : null;
    }
}
