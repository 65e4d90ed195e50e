using System.Runtime.Versioning;
using PortiaWatch.Pipeline.Configuration;

namespace PortiaWatch.Pipeline.Tests.Configuration;

/// <summary>Real files in a folder of the test's own.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ConfigFileTests : IDisposable
{
    private const string Killing = """{ "rules": [ { "action": "kill" } ] }""";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portia-config-");

    private string File => Path.Combine(_folder.FullName, "portia.json");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Load_NoSuchFile_SaysSo() => Assert.Equal($"{File}: there is no such file", Error(ConfigLoader.Load(File)));

    [Fact]
    public void Load_Folder_SaysSo() => Assert.Contains("is a folder", Error(ConfigLoader.Load(_folder.FullName)), StringComparison.Ordinal);

    [SkippableFact]
    public void Load_EndlessFile_StopsAtTheLimit()
    {
        Skip.IfNot(System.IO.File.Exists("/dev/zero"), "there is no /dev/zero");
        Assert.Contains("larger than 1 MiB", Error(ConfigLoader.Load("/dev/zero")), StringComparison.Ordinal);
    }

    [Fact]
    public void LoadOrDefault_NothingNamedNothingThere_IsTheBuiltInDefault()
    {
        ConfigResult result = ConfigLoader.LoadOrDefault(null, File);
        Assert.Same(Settings.Default, result.Settings);
        Assert.Equal("built-in default", result.Origin);
    }

    [Fact]
    public void LoadOrDefault_NamedButMissing_IsAnErrorAndNotTheDefault() =>
        Assert.False(ConfigLoader.LoadOrDefault(Path.Combine(_folder.FullName, "other.json"), Write(Killing)).IsValid);

    [Fact]
    public void LoadOrDefault_StandardFile_IsRead() => Assert.Equal(File, ConfigLoader.LoadOrDefault(null, Write("{}")).Origin);

    [Theory]
    [InlineData(UnixFileMode.OtherWrite)]
    [InlineData(UnixFileMode.GroupWrite)]
    public void Load_FileThatOthersMayWrite_IsRefusedOnlyWhereRulesCanHurt(UnixFileMode loose)
    {
        Loosen(Write(Killing), loose);
        Assert.Equal(
            $"{File}: its rules may kill or run programs, and other users may write the file; mend it with: chmod go-w '{File}'",
            Error(ConfigLoader.Load(File)));

        System.IO.File.WriteAllText(File, """{ "rules": [ { "action": "ask" } ] }""");
        Assert.True(ConfigLoader.Load(File).IsValid);
    }

    [Fact]
    public void Load_FolderThatOthersMayWrite_IsRefusedUnlessSticky()
    {
        Write(Killing);
        Loosen(_folder.FullName, UnixFileMode.OtherWrite);
        Assert.Contains("write the folder", Error(ConfigLoader.Load(File)), StringComparison.Ordinal);
        Loosen(_folder.FullName, UnixFileMode.StickyBit);
        Assert.True(ConfigLoader.Load(File).IsValid);
    }

    [Fact]
    public void Load_LinkToALooseFile_IsJudgedByTheFile()
    {
        string link = Path.Combine(_folder.FullName, "link.json");
        System.IO.File.CreateSymbolicLink(link, Write(Killing));
        Assert.True(ConfigLoader.Load(link).IsValid);
        Loosen(File, UnixFileMode.OtherWrite);
        Assert.Contains("other users may write", Error(ConfigLoader.Load(link)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1000u, true)]
    [InlineData(0u, true)]
    [InlineData(1001u, false)]
    [InlineData(null, true)]
    public void Load_OwnedByAnotherUser_IsRefused(uint? owner, bool isAccepted) =>
        Assert.Equal(isAccepted, ConfigLoader.Load(Write(Killing), new FileOwnership(_ => owner is { } user ? (user, 100) : null, 1000)).IsValid);

    [Theory]
    [InlineData(UnixFileMode.GroupWrite, 1000u, true)]
    [InlineData(UnixFileMode.GroupWrite, 100u, false)]
    [InlineData(UnixFileMode.OtherWrite, 1000u, false)]
    public void Load_FileOpenToTheOwnersPrivateGroup_IsAccepted(UnixFileMode loose, uint group, bool isAccepted)
    {
        Loosen(Write(Killing), loose);

        Assert.Equal(isAccepted, ConfigLoader.Load(File, new FileOwnership(_ => (1000, group), 1000)).IsValid);
    }

    [Theory]
    [InlineData("/x", "/x/portia/portia.json")]
    [InlineData(null, "/home/ada/.config/portia/portia.json")]
    [InlineData("", "/home/ada/.config/portia/portia.json")]
    [InlineData("relative", "/home/ada/.config/portia/portia.json")]
    public void OnLinux_XdgConfigHome_CountsWhenAbsolute(string? xdg, string expected) => Assert.Equal(expected, ConfigLocation.OnLinux("/home/ada", xdg));

    [Fact]
    public void OnDarwin_Home_GivesApplicationSupport() =>
        Assert.Equal("/Users/ada/Library/Application Support/PortiaWatch/portia.json", ConfigLocation.OnDarwin("/Users/ada"));

    private string Write(string json)
    {
        System.IO.File.WriteAllText(File, json);
        System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return File;
    }

    private static void Loosen(string path, UnixFileMode bits) => System.IO.File.SetUnixFileMode(path, System.IO.File.GetUnixFileMode(path) | bits);

    private static string Error(ConfigResult result) => Assert.Single(result.Errors).ToString();
}
