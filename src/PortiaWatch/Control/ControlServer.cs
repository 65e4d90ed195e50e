using System.Net.Sockets;
using PortiaWatch.Pipeline;
using Serilog;

namespace PortiaWatch.Control;

/// <summary>
/// Answers on the control socket: one request a connection, from the user's own processes only. Whatever a client does or does not do, it holds up nobody but itself: requests
/// are capped in size and time, connections in number, and nothing here is awaited by the flow.
/// </summary>
internal sealed class ControlServer : IAsyncDisposable
{
    /// <summary>How long a client may take to say what it wants.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // Further clients wait in the socket's backlog.
    private const int MostConnections = 64;
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(1);

    private readonly Socket _listener;
    private readonly Func<Socket, PeerCredentials?> _peerOf;
    private readonly uint _user;
    private readonly IReadOnlyDictionary<string, Func<ControlRequest, ControlConnection, CancellationToken, Task>> _desks;
    private readonly NamedCounts _refused;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _free = new(MostConnections);
    private Task _accepting = Task.CompletedTask;

    /// <param name="listener">Stays its owner's.</param>
    /// <param name="platform">Says who a peer is.</param>
    /// <param name="desks">By <see cref="ControlRequest.Do"/>: answers a request; may take as long as the connection lives.</param>
    /// <param name="refused">Counts refusals by code.</param>
    /// <param name="log">For defects.</param>
    public ControlServer(
        Socket listener, Platform platform, IReadOnlyDictionary<string, Func<ControlRequest, ControlConnection, CancellationToken, Task>> desks, NamedCounts refused, ILogger log)
    {
        _listener = listener;
        _peerOf = platform.PeerOf;
        _user = platform.Processes.CurrentUser;
        _desks = desks;
        _refused = refused;
        _log = log;
    }

    public void Start() => _accepting = AcceptAsync();

    /// <summary>Stops accepting, ends every connection, and returns when the last has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        for (int slot = 0; slot < MostConnections; slot++)
            await _free.WaitAsync();
        _free.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await _free.WaitAsync(_stop.Token);
                Socket? client = null;
                try
                {
                    client = await _listener.AcceptAsync(_stop.Token);
                }
                finally
                {
                    if (client is null)
                        _free.Release();
                }

                _ = ServeAsync(client);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException error)
            {
                // Out of descriptors, most likely: trying at once again would only burn time.
                _log.Warning("the control socket could not accept a client: {Reason}", error.Message);
                await Task.Delay(PauseAfterFailure, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ServeAsync(Socket client)
    {
        await Task.Yield();
        try
        {
            using (client)
            {
                if (_peerOf(client) is { } peer)
                    await ServeAsync(new ControlConnection(client, peer));
                else
                    _refused.Add(ControlError.OtherUser);
            }
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            // The client went away, or we do.
        }
#pragma warning disable CA1031 // The edge: a defect in one answer must not end the watcher.
        catch (Exception error)
#pragma warning restore CA1031
        {
            _log.Error(error, "a request on the control socket failed");
        }
        finally
        {
            _free.Release();
        }
    }

    private async Task ServeAsync(ControlConnection connection)
    {
        if (connection.Peer.Uid != _user)
        {
            await RefuseAsync(connection, ControlError.OtherUser, "This watcher answers only its own user.");
            return;
        }

        byte[]? line;
        using (var patience = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token))
        {
            patience.CancelAfter(Patience);
            try
            {
                line = await connection.ReadRequestAsync(patience.Token);
            }
            catch (OperationCanceledException) when (!_stop.IsCancellationRequested)
            {
                await RefuseAsync(connection, ControlError.Silent, "No request came in time.");
                return;
            }
        }

        if (line is null)
            await RefuseAsync(connection, ControlError.TooLarge, "The request is too large.");
        else if (line.Length == 0)
            return;
        else if (ControlRequest.TryParse(line) is not { Do: { } verb } request)
            await RefuseAsync(connection, ControlError.NoRequest, $"This is no {ControlRequest.CurrentSchema}.");
        else if (!_desks.TryGetValue(verb, out Func<ControlRequest, ControlConnection, CancellationToken, Task>? desk))
            await RefuseAsync(connection, ControlError.Unknown, "This watcher does not know that request.");
        else
            await desk(request, connection, _stop.Token);
    }

    private async Task RefuseAsync(ControlConnection connection, string code, string sentence)
    {
        _refused.Add(code);
        await connection.WriteAsync(ControlError.Of(code, sentence), ControlJson.Default.ControlError, _stop.Token);
    }
}
