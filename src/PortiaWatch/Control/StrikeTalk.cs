using System.Net.Sockets;
using PortiaWatch.Pipeline.Striking;

namespace PortiaWatch.Control;

/// <summary>
/// The watcher's side of a strike that a client waits for. A watcher that was suspended finds orders that nobody waits for any more: so nothing is done before the client,
/// asked now, says so now. While the strike lasts the client hears that the watcher is awake.
/// </summary>
internal sealed class StrikeTalk(ControlConnection connection, TimeProvider time)
{
    /// <summary>False when the client has gone, or had to wait so long for us that it may have given up.</summary>
    public async Task<bool> IsStillWantedAsync(CancellationToken cancellation)
    {
        long asked = time.GetTimestamp();
        await BeatAsync(cancellation);
        using var patience = new CancellationTokenSource(ControlServer.Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            byte[]? word = await connection.ReadRequestAsync(either.Token);

            // Suspended in between, we would find the word of somebody who has gone. The clock is asked and not the timer, which may fire later than the word is read.
            return word is not null && ControlRequest.TryParse(word) is { Do: ControlRequest.Go } && time.GetElapsedTime(asked) < ControlServer.Patience;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>How the strike ended; until then the client is told that we are awake.</summary>
    public async Task<StrikeResult> AwaitAsync(Task<StrikeResult> strike, CancellationToken cancellation)
    {
        while (true)
        {
            using var beat = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            await Task.WhenAny(strike, Task.Delay(StrikeBeat.Interval, time, beat.Token));
            await beat.CancelAsync();
            if (strike.IsCompleted || cancellation.IsCancellationRequested)
                return await strike;
            try
            {
                await BeatAsync(cancellation);
            }
            catch (Exception error) when (error is SocketException or OperationCanceledException)
            {
                // The client has gone, for which the strike is cancelled elsewhere. What it has done by then is counted all the same.
                return await strike;
            }
        }
    }

    private Task BeatAsync(CancellationToken cancellation) => connection.WriteAsync(StrikeBeat.New, ControlJson.Default.StrikeBeat, cancellation);
}
