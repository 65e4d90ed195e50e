using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace PortiaWatch.Tests.Support;

/// <summary>The watcher of a session that a program under test has started on its own: asked who it is, and ended by that pid.</summary>
internal sealed class LooseWatcher(string session) : IAsyncDisposable
{
    private static readonly byte[] Status = Encoding.UTF8.GetBytes("""{"schema":"portia.request/1","do":"status"}""" + "\n");

    /// <summary>Null while none runs.</summary>
    public async Task<int?> PidAsync()
    {
        try
        {
            return await Watcher.SendAsync(session, Status) is { } line ? JsonDocument.Parse(line).RootElement.GetProperty("pid").GetInt32() : null;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        if (await PidAsync() is { } pid)
            Signals.Send(pid, Signals.Terminate);
        while (await PidAsync() is not null)
            await Task.Delay(50, patience.Token);
    }
}
