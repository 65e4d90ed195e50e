namespace PortiaWatch.Control;

/// <summary>Answers <c>tail</c>: a greeting, then every incident with its verdict, and again with its outcome, until the client goes.</summary>
internal sealed class TailDesk(Broadcast broadcast, ControlHello hello)
{
    public async Task AnswerAsync(ControlRequest request, ControlConnection connection, CancellationToken cancellation)
    {
        if (broadcast.Join() is not { } viewer)
        {
            await connection.WriteAsync(ControlError.Of(ControlError.Crowded, "Too many clients follow this watcher already."), ControlJson.Default.ControlError, cancellation);
            return;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            await connection.WriteAsync(hello, ControlJson.Default.ControlHello, either.Token);
            Task[] both = [connection.GoneAsync(either.Token), viewer.SendAsync(connection, either.Token)];
            await await Task.WhenAny(both);
            await either.CancelAsync();
            await Task.WhenAll(both);
        }
        finally
        {
            broadcast.Leave(viewer);
        }
    }
}
