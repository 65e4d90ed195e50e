using System.Globalization;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Containers;

/// <summary>One container engine behind its Docker-compatible API.</summary>
/// <param name="Kind"><c>docker</c> or <c>podman</c>, which is also its program.</param>
/// <param name="Socket">Path of its socket.</param>
internal sealed record ContainerEngine(string Kind, string Socket)
{
    // Some 20 ms are usual; somebody waits for the answer to "who".
    private static readonly TimeSpan ListLimit = TimeSpan.FromSeconds(2);

    // How long a container may take is in its own settings, by default ten seconds.
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);

    /// <summary>Empty also when the engine does not answer.</summary>
    public IReadOnlyList<RunningContainer> List() => EngineConnection.Ask(Socket, "GET /containers/json", ListLimit) is (200, { } body) ? RunningContainer.ReadAll(body) : [];

    /// <summary>The container as somebody who has to be asked to stop.</summary>
    public Supervisor Supervise(RunningContainer container, bool isProxy) => new(Kind, container.Title, [Kind, "stop", container.Name])
    {
        IsProxy = isProxy,
        StopAsync = cancellation => StopAsync(container, cancellation),
    };

    // By its id: the name may belong to another container by now. How it is asked to end, and how long it has, are the container's own settings, as with the stop command.
    private Task<string?> StopAsync(RunningContainer container, CancellationToken cancellation) => Task.Factory.StartNew(
        () => EngineConnection.Ask(Socket, $"POST /containers/{container.Id}/stop", StopLimit) switch
        {
            (204 or 304, _) => null,
            (404, _) => "found no such container any more",
            ({ } status, _) => string.Create(CultureInfo.InvariantCulture, $"was refused by the engine ({status})"),
            null => "was not answered by the engine",
        },
        cancellation,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);
}
