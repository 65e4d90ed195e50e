using System.Text;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Sources;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.Sources;

public sealed class FollowedFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ReadNew_WrittenAgainBetweenTwoReads_BeginsAgain()
    {
        string path = Path.Join(_folder.Path, "app.log");
        File.WriteAllText(path, "first run\n");
        using var followed = new FollowedFile(path, File.OpenHandle(path, share: FileShare.ReadWrite), identity: null, TimeProvider.System);
        string read = "";

        foreach (LogRecord record in followed.ReadNew(new SourceReport("file")))
        {
            read += Encoding.UTF8.GetString(record.Text.Span);
            if (read == "first run\n")
                File.WriteAllText(path, "second run\nand more than the first\n");
        }

        Assert.Equal("first run\nsecond run\nand more than the first\n", read);
    }
}
