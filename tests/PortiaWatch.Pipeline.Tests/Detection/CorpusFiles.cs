using System.Text.Json;

namespace PortiaWatch.Pipeline.Tests.Detection;

/// <summary>The labelled messages beside the tests. Their folder is found from the test binary upwards.</summary>
internal static class CorpusFiles
{
    private const string Expectation = "#= ";

    public static string Folder { get; } = Find();

    /// <summary>
    /// Reads one .log file: an expectation line (<c>#= collision ports=80 address=:: transport=udp path=/x cause=unstated</c>), the sample under it up to the next one.
    /// A line that begins with <c>## </c> is a comment. <c>\x1b</c> stands for the escape character.
    /// </summary>
    public static IEnumerable<CorpusSample> Read(string path)
    {
        CorpusSample? sample = null;
        var lines = new List<string>();
        var number = 0;
        foreach (var line in File.ReadLines(path))
        {
            number++;
            if (line.StartsWith("## ", StringComparison.Ordinal))
                continue;
            if (line.StartsWith(Expectation, StringComparison.Ordinal))
            {
                if (sample is not null)
                    yield return sample.WithText(lines);
                sample = CorpusSample.Parse($"{Path.GetFileName(path)}:{number}", line[Expectation.Length..]);
                lines = [];
            }
            else if (sample is not null)
                lines.Add(line.Replace("\\x1b", "\x1b", StringComparison.Ordinal));
            else if (line.Length > 0)
                throw new InvalidDataException($"{path}:{number}: a sample without an expectation above it");
        }

        if (sample is not null)
            yield return sample.WithText(lines);
    }

    /// <summary>The messages of messages.jsonl.</summary>
    public static List<CorpusSample> Messages()
    {
        var messages = new List<CorpusSample>();
        foreach (var line in File.ReadLines(Path.Combine(Folder, "messages.jsonl")))
        {
            using var document = JsonDocument.Parse(line);
            messages.Add(CorpusSample.Parse(document.RootElement));
        }

        return messages;
    }

    private static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "PortiaWatch.sln")))
            folder = folder.Parent;
        return Path.Combine(folder?.FullName ?? throw new InvalidOperationException("no PortiaWatch.sln above the test binary"), "tests", "corpus");
    }
}
