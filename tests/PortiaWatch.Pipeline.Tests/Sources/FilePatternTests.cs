using PortiaWatch.Pipeline.Sources;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.Sources;

public sealed class FilePatternTests
{
    [Theory]
    [InlineData("/var/log/app.log", "/var/log", false, true)]
    [InlineData("/var/log/*.log", "/var/log", false, false)]
    [InlineData("/var/log/**/*.log", "/var/log", true, false)]
    [InlineData("/srv/*/logs/app.log", "/srv", true, false)]
    [InlineData("~/Library/Logs/**/*.log", "/home/me/Library/Logs", true, false)]
    [InlineData("/app.log", "/", false, true)]
    [InlineData("/*.log", "/", false, false)]
    [InlineData("/a/../b/./x?.log", "/b", false, false)]
    public void Parse_Pattern_FindsTheFolderThatHoldsAllMatches(string text, string root, bool isDeep, bool isLiteral)
    {
        var pattern = FilePattern.Parse(text, "/home/me");

        Assert.Equal((root, isDeep, isLiteral), (pattern.Root, pattern.IsDeep, pattern.IsLiteral));
    }

    [Theory]
    [InlineData("/l/app.log", "/l/app.log", true)]
    [InlineData("/l/app.log", "/l/app.log.1", false)]
    [InlineData("/l/app.log", "/l/sub/app.log", false)]
    [InlineData("/l/*.log", "/l/app.log", true)]
    [InlineData("/l/*.log", "/l/.hidden.log", false)]
    [InlineData("/l/.*.log", "/l/.hidden.log", true)]
    [InlineData("/l/*.log", "/l/sub/app.log", false)]
    [InlineData("/l/*.log", "/logs/app.log", false)]
    [InlineData("/l/*.log", "/l/app.LOG", false)]
    [InlineData("/l/app?.log", "/l/app1.log", true)]
    [InlineData("/l/**/*.log", "/l/app.log", true)]
    [InlineData("/l/**/*.log", "/l/a/b/c/app.log", true)]
    [InlineData("/l/**/*.log", "/l/a/.git/app.log", false)]
    [InlineData("/l/**/*.log", "/l/a/b/app.txt", false)]
    [InlineData("/l/**", "/l/a/b", true)]
    [InlineData("/l/**/logs/*.log", "/l/x/logs/app.log", true)]
    [InlineData("/l/**/logs/*.log", "/l/logs/app.log", true)]
    [InlineData("/l/**/logs/*.log", "/l/x/app.log", false)]
    [InlineData("/l/*/app.log", "/l/x/app.log", true)]
    [InlineData("/l/*/app.log", "/l/x/y/app.log", false)]
    [InlineData("/*.log", "/app.log", true)]
    [InlineData("/l/a b*", "/l/a b[1].log", true)]
    public void Matches_Path_AsAShellWould(string pattern, string path, bool expected) => Assert.Equal(expected, FilePattern.Parse(pattern, "/home/me").Matches(path));

    [Fact]
    public void FilesIn_CircleOfLinks_Ends()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder["a/b"]);
        folder.Write("a/b/x.log", "x");
        Directory.CreateSymbolicLink(folder["a/b/up"], folder.Path);

        Assert.Equal([folder["a/b/x.log"]], FilePattern.Parse(folder["**/*.log"], "/").FilesIn(folder.Path));
    }

    [Fact]
    public void Matches_RandomPathsAndPatterns_NeverThrows()
    {
        var random = new Random(42);
        const string Alphabet = "/*?.ab\\[]<>\"\0 ";
        string Next() => "/" + new string([.. Enumerable.Range(0, random.Next(12)).Select(_ => Alphabet[random.Next(Alphabet.Length)])]).Replace("\0", "", StringComparison.Ordinal);
        for (var round = 0; round < 50_000; round++)
        {
            var path = Next();
            var pattern = FilePattern.Parse(Next(), "/h");
            if (pattern.Matches(path))
                Assert.True(FilePattern.IsBelow(path, pattern.Root));
        }
    }
}
