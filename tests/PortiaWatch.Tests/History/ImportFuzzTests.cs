using System.Text;
using NSubstitute;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.History;
using PortiaWatch.Rendering;
using PortiaWatch.Tests.Support;
using PortiaWatch.Verbs;

namespace PortiaWatch.Tests.History;

/// <summary>Foreign bytes as an export: whatever they hold, each line is refused or kept, and what is kept can be read, shown and counted.</summary>
public sealed class ImportFuzzTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Import_ThousandsOfBrokenIncidents_KeepsOnlyWhatReadsBack()
    {
        string path = Path.Combine(_folder.Path, "history.db");
        IProcessTable processes = Substitute.For<IProcessTable>();
        processes.Self.Returns(new ProcessIdentity(7, 7, null));
        var random = new Random(6);
        int kept = 0;
        using (var intake = new HistoryIntake(path, processes))
        {
            for (int i = 0; i < 4000; i++)
            {
                string line = Broken(random, $"id{i}");
                if (HistoryImport.Validate(line, Now, out string? error) is { } incident)
                    kept += intake.Add([incident])[0] == true ? 1 : 0;
                else
                    Assert.NotNull(error);
            }
        }

        using HistoryReader reader = HistoryReader.Open(path, processes)!;
        var count = new StatisticsCount(TimeZoneInfo.Utc);
        var silent = new Terminal(TextWriter.Null, TextWriter.Null, isJson: false, isPlain: true);
        List<HistoryEntry> entries = [.. reader.Find(new HistoryQuery())];
        foreach (HistoryEntry entry in entries)
        {
            count.Add(entry);
            StoryView.Show(silent, entry, TimeProvider.System);
            Assert.NotNull(RecordedIncidents.Read(entry.Json, out _));
        }

        HistoryView.Show(silent, entries, isFirstUse: false, TimeProvider.System);
        StatsView.Show(silent, count.Complete(null, DateOnly.FromDateTime(Now.DateTime)));
        Assert.Equal(kept, entries.Count);
        Assert.InRange(kept, 100, 3900);
    }

    [Fact]
    public void BoundedLines_HugeLine_IsPassedOverInBoundedMemory()
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes($"first\n{new string('x', 300_000)}\nlast"));

        Assert.Equal([(1L, "first"), (2L, null), (3L, "last")], BoundedLines.Read(stream, 1000));
    }

    private static string Broken(Random random, string id)
    {
        var text = new StringBuilder(HistoryVerbTests.Incident(id, "node", minute: random.Next(60), freedAfter: random.Next(2) == 0 ? null : random.Next(500)));
        string[] pieces = ["null", "-1", "1e400", "99999999999999999999", "\"\"", "{}", "[]", "true", "\\ud800", "\\u0000", "\"9999-12-31T23:59:59Z\"", "\"0001-01-01\"", ",", "\"", "é", "\u001b[2J"];
        for (int changes = random.Next(4); changes > 0; changes--)
        {
            int at = random.Next(text.Length);
            switch (random.Next(4))
            {
                case 0:
                    text.Remove(at, Math.Min(random.Next(1, 20), text.Length - at));
                    break;
                case 1:
                    text.Insert(at, pieces[random.Next(pieces.Length)]);
                    break;
                case 2:
                    text[at] = (char)random.Next(1, 0x250);
                    break;
                default:
                    ReplaceValue(text, random, pieces[random.Next(pieces.Length)]);
                    break;
            }
        }

        return text.ToString();
    }

    // The value behind a random name: still JSON most of the time, so that it gets past the parser.
    private static void ReplaceValue(StringBuilder text, Random random, string value)
    {
        string whole = text.ToString();
        int colon = whole.IndexOf("\":", random.Next(whole.Length), StringComparison.Ordinal);
        if (colon < 0)
            return;
        int end = whole.AsSpan(colon + 2).IndexOfAny(',', '}');
        if (end > 0)
            text.Remove(colon + 2, end).Insert(colon + 2, value);
    }
}
