using System.Net.Sockets;
using System.Text.Json;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Sources;

namespace PortiaWatch.Control;

/// <summary>
/// Takes what runtime hooks report. The refused program waits for the answer, for a moment: by then everything that will be gone with it has been read. It gives no sentence;
/// a program that was refused a port has other sorrows.
/// </summary>
internal sealed class HookDesk(HookSource source, NamedCounts refused)
{
    // Whoever reads it wants to know only that it came.
    private static readonly byte[] Seen = """{"schema":"portia.seen/1"}"""u8.ToArray();

    /// <summary>The first refused program waits no longer than the next: what it needs is compiled before.</summary>
    public static void WarmUp(HookSource source, ProcessIdentity self, uint user)
    {
        ControlRequest request = ControlRequest.For(ControlRequest.Hook) with { Report = new HookReport { Address = "127.0.0.1", Port = 1 } };
        if (ControlRequest.TryParse(JsonSerializer.SerializeToUtf8Bytes(request, ControlJson.Default.ControlRequest))?.Report?.ToEndpoint() is { } endpoint)
            _ = source.Describe(new PeerCredentials(self.Pid, user) { Process = self }, endpoint, SightingKind.Collision);
    }

    public async Task AnswerAsync(ControlRequest request, ControlConnection connection, CancellationToken cancellation)
    {
        LogRecord? record = null;
        if (request.Report is { } report && report.ToEndpoint() is { } endpoint)
            record = source.Describe(connection.Peer, endpoint, report.MovedOn ? SightingKind.Soft : SightingKind.Collision);
        else
            refused.Add(ControlError.NoRequest);
        try
        {
            await connection.WriteLineAsync(Seen, cancellation);
        }
        catch (SocketException)
        {
            // It did not wait, or has ended. What it said counts all the same.
        }

        if (record is not null)
            await source.DeliverAsync(record, cancellation);
    }
}
