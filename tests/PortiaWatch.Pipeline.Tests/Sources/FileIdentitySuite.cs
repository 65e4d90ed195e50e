namespace PortiaWatch.Pipeline.Tests.Sources;

/// <summary>What following files means where the system tells one file from another: every platform runs this with its own <see cref="Platform.FileIdentity"/>.</summary>
public abstract class FileIdentitySuite : FileSourceSuite
{
    [Fact]
    public async Task ReadAsync_RotationByRename_FinishesTheOldFileThenTheNew()
    {
        Folder.Write("app.log", "");
        await using var reading = await StartAsync("app.log");
        using var writer = Writer("app.log");

        Write(writer, "before\n");
        File.Move(Folder["app.log"], Folder["app.log.1"]);
        Write(writer, "after the rename\nhalf");
        Folder.Write("app.log", "new file\n");
        await reading.UntilTextAsync("new file\n");
        Write(writer, "late writer\n");
        await reading.UntilTextAsync("late writer\n");
        Folder.Append("app.log", "new again\n");
        await reading.UntilTextAsync("new again\n");

        Assert.Equal("before\nafter the rename\nhalfnew file\nlate writer\nnew again\n", reading.Text);
        Assert.True(reading.Records.First(r => TextOf(r).StartsWith("new file", StringComparison.Ordinal)).FollowsGap);
        Assert.True(reading.Records.First(r => TextOf(r).StartsWith("late", StringComparison.Ordinal)).FollowsGap);
        Assert.True(reading.Records.First(r => TextOf(r).StartsWith("new again", StringComparison.Ordinal)).FollowsGap);
        Assert.All(reading.Records, r => Assert.Equal(Folder["app.log"], r.Stream));
    }

    [Fact]
    public async Task ReadAsync_RotatedNameMatchesToo_GivesNothingTwice()
    {
        Folder.Write("app.log", "old\n");
        await using var reading = await StartAsync("app.log*");
        Folder.Append("app.log", "before\n");
        await reading.UntilTextAsync("before\n");

        for (var round = 0; round < 10; round++)
        {
            File.Move(Folder[$"app.log"], Folder[$"app.log.{round}"]);
            Folder.Write("app.log", $"new {round}\n");
            Folder.Append($"app.log.{round}", $"late {round}\n");
            await reading.UntilTextAsync($"new {round}\n");
            await reading.UntilTextAsync($"late {round}\n");
        }

        Assert.Equal(21, Count(reading.Text, "\n"));
    }

    [Fact]
    public async Task ReadAsync_FoldersMadeWhileWatching_LoseNoFile()
    {
        await using var reading = await StartAsync("**/*.log");
        for (var i = 0; i < 100; i++)
        {
            Directory.CreateDirectory(Folder[$"p{i}/logs"]);
            Folder.Write($"p{i}/logs/x.log", $"<{i}>\n");
            Folder.Write($"p{i}/not-a-log.txt", "never\n");
        }

        for (var i = 0; i < 100; i++)
            await reading.UntilTextAsync($"<{i}>\n");
        Directory.Move(Folder["p7"], Folder["q7"]);
        Folder.Append("q7/logs/x.log", "moved along\n");
        await reading.UntilTextAsync("moved along\n");

        Assert.Equal(101, Count(reading.Text, "\n"));
    }

    [Fact]
    public async Task ReadAsync_RandomWritesAndRotations_GiveEveryLineExactlyOnce()
    {
        var random = new Random(98);
        var number = 0;
        FileStream writer = Writer("app.log");
        await using var reading = await StartAsync("app.log");
        for (var round = 0; round < 300; round++)
        {
            for (var lines = random.Next(4); lines > 0; lines--)
                Write(writer, $"<{number++}>\n");
            switch (random.Next(5))
            {
                case 0:
                    File.Move(Folder["app.log"], Folder[$"app.log.{round}"]);
                    Write(writer, $"<{number++}>\n");
                    writer.Dispose();
                    writer = Writer("app.log");
                    break;
                case 1:
                    // What was not read before a truncation or a deletion is lost to any reader.
                    Write(writer, $"<{number++}>\n");
                    await reading.UntilTextAsync($"<{number - 1}>\n");
                    writer.SetLength(0);
                    break;
                case 2:
                    Write(writer, $"<{number++}>\n");
                    await reading.UntilTextAsync($"<{number - 1}>\n");
                    File.Delete(Folder["app.log"]);
                    writer.Dispose();
                    writer = Writer("app.log");
                    break;
            }
        }

        Write(writer, "end\n");
        writer.Dispose();
        await reading.UntilTextAsync("end\n");

        var seen = reading.Text.Split('\n').Where(line => line.StartsWith('<')).Order();
        Assert.Equal(Enumerable.Range(0, number).Select(n => $"<{n}>").Order(), seen);
    }
}
