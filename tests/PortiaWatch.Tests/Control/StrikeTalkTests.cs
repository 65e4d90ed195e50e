using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using PortiaWatch.Control;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Striking;
using PortiaWatch.Tests.Support;
using ManualTimeProvider = PortiaWatch.Pipeline.Tests.Support.ManualTimeProvider;

namespace PortiaWatch.Tests.Control;

public sealed class StrikeTalkTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AwaitAsync_ClientGoneWhenItIsToHearABeat_StillSaysHowTheStrikeEnded()
    {
        using Socket connection = await AbandonedAsync();
        var strike = new TaskCompletionSource<StrikeResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        var interrupted = new StrikeResult(OutcomeKind.StillHeld, "It was interrupted.", NextStep: null, Took: null, Signalled: []);
        var talk = new StrikeTalk(new ControlConnection(connection, new PeerCredentials(1, 1)), _time);

        // The strike ends when the beat has failed, and not before.
        AppDomain.CurrentDomain.FirstChanceException += EndStrike;
        try
        {
            Task<StrikeResult> told = talk.AwaitAsync(strike.Task, CancellationToken.None);
            _time.Advance(StrikeBeat.Interval);

            Assert.Same(interrupted, await told.WaitAsync(TimeSpan.FromSeconds(30)));
        }
        finally
        {
            AppDomain.CurrentDomain.FirstChanceException -= EndStrike;
        }

        void EndStrike(object? sender, FirstChanceExceptionEventArgs thrown)
        {
            if (thrown.Exception is SocketException { SocketErrorCode: SocketError.Shutdown })
                strike.TrySetResult(interrupted);
        }
    }

    // The watcher's end of a client that was there.
    private async Task<Socket> AbandonedAsync()
    {
        var address = new UnixDomainSocketEndPoint(Path.Combine(_folder.Path, "s"));
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(address);
        listener.Listen();
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await client.ConnectAsync(address);
        return await listener.AcceptAsync();
    }
}
