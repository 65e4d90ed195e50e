using System.Threading.Channels;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Detection;

/// <summary>Leads records through a detector, and closes its open blocks in time when no more records come.</summary>
internal sealed class DetectionLoop(Detector detector, TimeProvider time)
{
    public async Task RunAsync(ChannelReader<LogRecord> records, ChannelWriter<Sighting> sightings)
    {
        var found = new List<Sighting>();
        var wait = new RecordWait(records, time);
        while (await wait.NextAsync(detector.NextFlush))
        {
            while (records.TryRead(out LogRecord? record))
            {
                detector.Detect(record, found);
                detector.Flush(time.GetUtcNow(), found);
                await PassOnAsync(found, sightings);
            }

            detector.Flush(time.GetUtcNow(), found);
            await PassOnAsync(found, sightings);
        }

        detector.Complete(found);
        await PassOnAsync(found, sightings);
    }

    private static async Task PassOnAsync(List<Sighting> found, ChannelWriter<Sighting> sightings)
    {
        foreach (Sighting sighting in found)
            await sightings.WriteAsync(sighting);
        found.Clear();
    }
}
