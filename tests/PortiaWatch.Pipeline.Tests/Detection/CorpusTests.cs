using System.Text;
using PortiaWatch.Pipeline.Detection;
using PortiaWatch.Pipeline.Events;
using Xunit.Abstractions;

namespace PortiaWatch.Pipeline.Tests.Detection;

public sealed class CorpusTests(ITestOutputHelper output)
{
    public static TheoryData<string> Files => [.. Directory.GetFiles(CorpusFiles.Folder, "*.log").Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Files))]
    public void CorpusFile_EverySample_ReadsAsExpectedAboveIt(string file)
    {
        var faults = new List<string>();
        foreach (var sample in CorpusFiles.Read(Path.Combine(CorpusFiles.Folder, file)))
            faults.AddRange(sample.Compare(Feed.Whole(sample.Text)).Select(fault => $"{sample.Place}: {fault}\n    {sample.Text}"));
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public void CorpusFiles_Negatives_AreAtLeastAsManyAsPositives()
    {
        var samples = Directory.GetFiles(CorpusFiles.Folder, "*.log").SelectMany(CorpusFiles.Read).ToList();
        var negatives = samples.Count(sample => sample.Label == "negative");
        Assert.True(negatives * 2 >= samples.Count, $"{negatives} negatives of {samples.Count} samples");
    }

    [Fact]
    public void Messages_FedAsJournalRecordsOfOneSender_AreReadAsLabelled()
    {
        var detector = new Detector();
        var found = new Dictionary<string, List<Sighting>>();
        var messages = CorpusFiles.Messages();
        for (var i = 0; i < messages.Count; i++)
        {
            var into = new List<Sighting>();
            detector.Detect(Feed.Record(Encoding.UTF8.GetBytes(messages[i].Text), isWhole: true, number: i + 1, stream: "4242"), into);
            if (i == messages.Count - 1)
                detector.Complete(into);
            foreach (var sighting in into)
                (found.TryGetValue(messages[(int)sighting.Number - 1].Place, out var list) ? list : found[messages[(int)sighting.Number - 1].Place] = []).Add(sighting);
        }

        Report(messages, found);
        var stated = messages.Where(message => message.Label == "collision" && message.CauseStated != false).ToList();
        Assert.All(stated, message => Assert.True(found.ContainsKey(message.Place), $"missed: {message.Text}"));
        Assert.All(messages.Where(message => message.Label == "resolved"), message => Assert.All(found[message.Place], sighting => Assert.Equal(SightingKind.Resolved, sighting.Kind)));
        Assert.All(messages.Where(message => message.Label == "negative"), message => Assert.False(found.ContainsKey(message.Place), $"reported: {message.Text}"));
        var named = messages.Where(message => found.ContainsKey(message.Place)).ToList();
        var exact = named.Count(message => found[message.Place].Select(sighting => sighting.Endpoint.Port).OfType<int>().SequenceEqual(message.Ports));
        Assert.True(exact >= named.Count * 0.98, $"{exact} of {named.Count} ports exact");
    }

    private void Report(List<CorpusSample> messages, Dictionary<string, List<Sighting>> found)
    {
        output.WriteLine($"{"family",-24}{"messages",10}{"recall",10}{"ports",10}");
        foreach (var family in messages.Where(message => message.Label != "negative").GroupBy(message => message.Family).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            var hits = family.Where(message => found.ContainsKey(message.Place)).ToList();
            var exact = hits.Count(message => found[message.Place].Select(sighting => sighting.Endpoint.Port).OfType<int>().SequenceEqual(message.Ports));
            output.WriteLine($"{(family.Key.Length == 0 ? "(none)" : family.Key),-24}{family.Count(),10}{(double)hits.Count / family.Count(),10:P1}{(hits.Count == 0 ? 0 : (double)exact / hits.Count),10:P1}");
        }

        var negatives = messages.Where(message => message.Label == "negative").ToList();
        var reported = negatives.Count(message => found.ContainsKey(message.Place));
        output.WriteLine($"precision {(double)(found.Count - reported) / found.Count:P1}, negatives reported {reported} of {negatives.Count}");
    }
}
