using System.Threading.Channels;

namespace PortiaWatch.Pipeline;

/// <summary>Reads what waits in a channel together, so that a busy stage pays for a transaction once and an idle one waits for nobody.</summary>
internal static class ChannelBatches
{
    private const int MostAtOnce = 64;

    /// <summary>The batch is only good until the next one is asked for.</summary>
    public static async IAsyncEnumerable<IReadOnlyList<T>> ReadBatchesAsync<T>(this ChannelReader<T> reader)
    {
        var batch = new List<T>(MostAtOnce);
        while (await reader.WaitToReadAsync())
        {
            while (batch.Count < MostAtOnce && reader.TryRead(out T? item))
                batch.Add(item);
            yield return batch;
            batch.Clear();
        }
    }
}
