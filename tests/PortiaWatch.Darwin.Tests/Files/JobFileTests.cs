using System.Diagnostics;
using System.Text;
using PortiaWatch.Darwin.Files;

namespace PortiaWatch.Darwin.Tests.Files;

public sealed class JobFileTests
{
    private const string Content =
        "{'Label': 'com.example.wéb', 'StandardErrorPath': '/tmp/err.log', 'KeepAlive': {'StandardErrorPath': '/not/this'}, 'ProgramArguments': ['a', 'b'],"
        + " 'StandardOutPath': '/Users/dev/out & <x>.log', 'Nice': 5, 'Long': 'y' * 300, 'RunAtLoad': True}";

    [Theory]
    [InlineData("FMT_XML")]
    [InlineData("FMT_BINARY")]
    public void Parse_WrittenByPlistlib_GivesTheTopStrings(string format)
    {
        IReadOnlyDictionary<string, string> strings = JobFile.Parse(Write(format))!;
        Assert.Equal(("com.example.wéb", "/tmp/err.log", "/Users/dev/out & <x>.log"), (strings["Label"], strings["StandardErrorPath"], strings["StandardOutPath"]));
        Assert.Equal(300, strings["Long"].Length);
        Assert.False(strings.ContainsKey("Nice"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("<plist>")]
    [InlineData("<html><dict/></html>")]
    [InlineData("bplist00")]
    public void Parse_SomethingElse_IsNull(string text) => Assert.Null(JobFile.Parse(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Parse_EntityBomb_ExpandsNothing()
    {
        const string bomb = """<!DOCTYPE plist [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]><plist><dict><key>Label</key><string>&a;&b;</string></dict></plist>""";
        Assert.Null(JobFile.Parse(Encoding.UTF8.GetBytes(bomb)));
    }

    [Theory]
    [InlineData("FMT_XML")]
    [InlineData("FMT_BINARY")]
    public void Parse_MutatedFiles_NeverThrows(string format)
    {
        Random random = new(52);
        byte[] seed = Write(format);
        int read = 0;
        for (int round = 0; round < 8000; round++)
        {
            byte[] copy = random.Next(5) == 0 ? seed[..random.Next(seed.Length + 1)] : [.. seed];
            for (int changes = random.Next(6); changes > 0 && copy.Length > 0; changes--)
                copy[random.Next(3) == 0 ? Math.Max(0, copy.Length - 1 - random.Next(60)) : random.Next(copy.Length)] = (byte)random.Next(256);
            if (JobFile.Parse(copy) is not null)
                read++;
        }

        Assert.True(read > 400, $"only {read} were readable");
    }

    [Fact]
    public void Read_MissingFile_IsNull() => Assert.Null(JobFile.Read("/nonexistent.plist"));

    [Fact]
    public void DefaultFiles_Mac_GivesJobsHomebrewAndTheUsersLogs()
    {
        string root = Directory.CreateTempSubdirectory("portia-mac-").FullName;
        string agents = Directory.CreateDirectory(Path.Combine(root, "home/Library/LaunchAgents")).FullName;
        string daemons = Directory.CreateDirectory(Path.Combine(root, "daemons")).FullName;
        Directory.CreateDirectory(Path.Combine(root, "brew/var/log"));
        File.WriteAllBytes(Path.Combine(agents, "a.plist"), Write("FMT_BINARY"));
        File.WriteAllText(Path.Combine(agents, "own.plist"), "<plist><dict><key>StandardErrorPath</key><string>/state/launchd.err</string></dict></plist>");
        File.WriteAllText(Path.Combine(agents, "broken.plist"), "<plist");
        File.WriteAllText(Path.Combine(daemons, "d.plist"), "<plist><dict><key>StandardOutPath</key><string>/dev/null</string><key>StandardErrorPath</key><string>/tmp/*.log</string></dict></plist>");
        Surroundings surroundings = new()
        {
            Home = Path.Combine(root, "home"),
            SharedJobFolders = [daemons, Path.Combine(root, "none")],
            HomebrewPrefixes = [Path.Combine(root, "brew"), Path.Combine(root, "none")],
        };

        Assert.Equal(
            ["/tmp/err.log", "/Users/dev/out & <x>.log", Path.Combine(root, "brew/var/log/*.log"), Path.Combine(root, "home/Library/Logs/**/*.log")],
            DefaultFiles.Find(surroundings, "/state"));
        Directory.Delete(root, recursive: true);
    }

    private static byte[] Write(string format)
    {
        string file = Path.GetTempFileName();
        using Process python = Process.Start("python3", ["-c", $"import plistlib,sys; plistlib.dump({Content}, open(sys.argv[1],'wb'), fmt=plistlib.{format})", file]);
        python.WaitForExit();
        byte[] bytes = File.ReadAllBytes(file);
        File.Delete(file);
        return bytes;
    }
}
