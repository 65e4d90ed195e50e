using System.Text.Json;

namespace PortiaWatch.Tests.Web;

/// <summary>Server-sent events, one at a time.</summary>
internal sealed class EventStream(HttpResponseMessage answer, StreamReader lines) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public async Task<(string Name, JsonElement Data)> ReadAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        string name = "";
        while (await lines.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
                name = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
                return (name, JsonDocument.Parse(line[6..]).RootElement);
        }

        throw new EndOfStreamException();
    }

    /// <summary>The next event of this name.</summary>
    public async Task<JsonElement> ReadAsync(string name)
    {
        while (true)
        {
            (string found, JsonElement data) = await ReadAsync();
            if (found == name)
                return data;
        }
    }

    public void Dispose()
    {
        lines.Dispose();
        answer.Dispose();
    }
}
