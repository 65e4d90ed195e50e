using System.Text;
using PortiaWatch.Pipeline.Enrichment;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Tests.Enrichment;

/// <summary>Fixed seed: command lines and environments as strangers may set them, and squatters.json as an editor or an accident may leave it.</summary>
public sealed class ForeignTextFuzzTests
{
    private static readonly string[] Parts = ["PM2 v", "God Daemon (", ")", "/home/u/.pm2", "..", "\0", "\n", "=", "node", "--watch", "supervisord", "-c", "all", ":", "é", "\ud800", "$(x)", " "];
    private static readonly string[] Kinds = ["pm2", "supervisord", "nodemon", "node --watch"];

    [Fact]
    public void WatchingProgram_AnyCommandAndEnvironment_GivesAStopVerbForOneProgramAtMost()
    {
        var random = new Random(20261122);
        for (int round = 0; round < 20_000; round++)
        {
            string[] command = [.. Enumerable.Range(0, random.Next(4)).Select(_ => Text(random))];
            string? kind = WatchingProgram.Kind(Text(random), command);
            IReadOnlyList<string> stop = WatchingProgram.StopCommand(kind ?? Kinds[random.Next(Kinds.Length)], command, _ => random.Next(3) == 0 ? null : Text(random));

            if (stop.Count == 0)
                continue;
            Assert.Contains(stop[0], (string[])["pm2", "env", "supervisorctl"]);
            Assert.DoesNotContain(stop[^1], (string[])["all", ""]);
            Assert.False(stop[^1].StartsWith('-'));
        }
    }

    [Fact]
    public void Squatters_DamagedFiles_NeverThrowAndCountWholeOrNotAtAll()
    {
        var random = new Random(20261122);
        byte[] shipped = Squatters.Shipped();
        int whole = SquatterReader.Read(shipped, "f").Entries.Count;
        for (int round = 0; round < 300; round++)
        {
            byte[] damaged = shipped[..(random.Next(2) == 0 ? shipped.Length : random.Next(shipped.Length))];
            for (int change = random.Next(4); change > 0 && damaged.Length > 0; change--)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);

            (IReadOnlyList<SquatterEntry> entries, var errors) = SquatterReader.Read(damaged, "f");

            Assert.True(errors.Count > 0 ? entries.Count == 0 : entries.Count <= whole);
        }
    }

    [Fact]
    public void Strip_AnyText_IsHarmlessAndKeepsItsLines()
    {
        var random = new Random(20261122);
        for (int round = 0; round < 20_000; round++)
        {
            string text = new([.. Enumerable.Range(0, random.Next(12)).Select(_ => (char)(random.Next(3) == 0 ? random.Next(0xA0) : random.Next(0x10000)))]);

            string clean = PlainText.Strip(text);

            Assert.DoesNotContain(clean, c => (char.IsControl(c) && c != '\n') || c is '\u202e' or '\u200b');
            Assert.Equal(clean, PlainText.Strip(clean));
            Assert.True(PlainText.IsPlain(clean));
        }
    }

    private static string Text(Random random)
    {
        var text = new StringBuilder();
        for (int part = random.Next(5); part > 0; part--)
            text.Append(random.Next(4) == 0 ? $"{(char)random.Next(0x3000)}" : Parts[random.Next(Parts.Length)]);
        return text.ToString();
    }
}
