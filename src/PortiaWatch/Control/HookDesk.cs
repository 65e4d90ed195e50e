using System.Net.Sockets;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Sources;

namespace PortiaWatch.Control;

/// <summary>
/// Takes what runtime hooks report. The refused program waits for the answer, for a moment: by then everything that will be gone with it has been read. It gives no sentence;
/// a program that was refused a port has other sorrows.
/// </summary>
internal sealed class HookDesk(HookSource source, Tally refused)
{
    // Whoever reads it wants to know only that it came.
    private static readonly byte[] Seen = """{"schema":"portia.seen/1"}"""u8.ToArray();

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
