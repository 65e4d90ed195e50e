using PortiaWatch.Pipeline.Detection;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Rendering;

namespace PortiaWatch.Verbs;

/// <summary><c>portia scan</c> behind its command line: reads every input once and tells what it found.</summary>
internal static class ScanRun
{
    /// <summary>0 when something was found, 1 when nothing was, 2 when the input cannot be read.</summary>
    public static async Task<int> ExecuteAsync(ScanOptions options, TextWriter stdout, TextWriter stderr, CancellationToken cancellation)
    {
        var summary = new ScanSummary();
        try
        {
            if (options.Files.Count == 0)
                throw new UsageException("Name the log files to scan, or - for standard input.");
            var paths = ScanInput.Resolve(options.Files);
            foreach (var path in paths)
                await ScanAsync(path, paths.Count > 1, options, summary, stdout, cancellation);
        }
        catch (UsageException error)
        {
            await stderr.WriteLineAsync(error.Message);
            return 2;
        }
        catch (InvalidDataException error)
        {
            await stderr.WriteLineAsync($"The packed file is damaged: {error.Message}");
            return 2;
        }

        if (!options.IsJson)
            ScanTable.Show(summary, options, stdout);
        await stdout.FlushAsync(cancellation);
        return summary.Total > 0 ? 0 : 1;
    }

    private static async Task ScanAsync(string path, bool isOneOfMany, ScanOptions options, ScanSummary summary, TextWriter stdout, CancellationToken cancellation)
    {
        using var input = ScanInput.Open(path);
        var context = options.Context > 0 && !options.IsJson ? new ScanContext(options.Context) : null;
        var detector = new Detector { TellsEarly = false, Format = options.Format };
        using var reader = new ScanReader(detector, input.Name) { Block = context is null ? null : context.Remember };
        var progress = options.Progress is { } terminal ? new ScanProgress(terminal, TimeProvider.System) : null;
        var found = new List<Sighting>();
        var goesOn = true;
        while (goesOn)
        {
            cancellation.ThrowIfCancellationRequested();
            goesOn = reader.Read(input.Text, found);
            progress?.Show(input);
            // A block is told when it has ended, and a shorter one may have begun after it.
            foreach (var sighting in found.OrderBy(sighting => sighting.Number))
            {
                if (options.Since is { } since && sighting.Record.Time != default && sighting.Record.Time < since)
                    continue;
                summary.Add(sighting);
                if (options.IsJson)
                    ScanJson.Write(stdout, sighting);
                else
                    ScanLines.Write(stdout, sighting, isOneOfMany ? input.Name : null, context, options.IsColored);
            }

            if (found.Count > 0)
                await stdout.FlushAsync(cancellation);
            found.Clear();
        }

        progress?.Clear();
    }
}
