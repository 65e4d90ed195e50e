using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace PortiaWatch.Tests.Telemetry;

/// <summary>What answers where a collector should be, and speaks no HTTP that anybody could understand.</summary>
internal sealed class BrokenCollector : IAsyncDisposable
{
    private readonly WebApplication _server;

    private BrokenCollector(WebApplication server) => _server = server;

    public string Address => $"http://{new Uri(_server.Urls.Single()).Authority}";

    /// <summary>Ends when the first request has been answered.</summary>
    public TaskCompletionSource Answered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="answer">Bytes sent as they are, to whatever comes.</param>
    public static async Task<BrokenCollector> StartAsync(string answer)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        BrokenCollector? collector = null;
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Run(connection => collector!.AnswerAsync(connection, answer))));
        collector = new BrokenCollector(builder.Build());
        await collector._server.StartAsync();
        return collector;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync(ConnectionContext connection, string answer)
    {
        try
        {
            while (await connection.Transport.Input.ReadAsync(connection.ConnectionClosed) is { IsCompleted: false } read)
            {
                connection.Transport.Input.AdvanceTo(read.Buffer.End);
                await connection.Transport.Output.WriteAsync(Encoding.UTF8.GetBytes(answer), connection.ConnectionClosed);
                Answered.TrySetResult();
            }
        }
        catch (Exception error) when (error is OperationCanceledException or ConnectionResetException)
        {
            // The exporter has had enough.
        }
    }
}
