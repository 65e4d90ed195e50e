using System.Runtime.Versioning;
using System.Threading.Channels;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.Configuration;

[UnsupportedOSPlatform("windows")]
public sealed class ConfigWatcherTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portia-watch-");
    private readonly ManualTimeProvider _time = new();
    private readonly Channel<ConfigResult> _reloads = Channel.CreateBounded<ConfigResult>(100);

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void OnChanged_BurstOfChanges_ReloadsOnceWhenQuiet()
    {
        int loads = 0;
        using ConfigWatcher watcher = Watch("x", _ => Result(++loads));
        for (int i = 0; i < 5; i++)
        {
            watcher.OnChanged();
            _time.Advance(TimeSpan.FromMilliseconds(150));
        }

        Assert.Equal(0, loads);
        _time.Advance(TimeSpan.FromMilliseconds(50));
        Assert.Equal(1, loads);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, loads);
    }

    [Fact]
    public void OnChanged_NeverQuiet_ReloadsAfterTwoSecondsAllTheSame()
    {
        int loads = 0;
        using ConfigWatcher watcher = Watch("x", _ => Result(++loads));
        for (int i = 0; i < 21; i++)
        {
            watcher.OnChanged();
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(1, loads);
    }

    [Fact]
    public void Reload_BadFile_KeepsTheSettingsInForceAndReportsAllErrors()
    {
        ConfigResult next = Result(7);
        using ConfigWatcher watcher = Watch("x", _ => next);
        watcher.OnChanged();
        _time.Advance(TimeSpan.FromSeconds(1));
        Settings good = watcher.Current;
        Assert.Equal(7, good.Strike.BudgetStrikes);

        next = ConfigLoader.Parse("{ \"rulse\": [], \"x\": 1 }"u8, "x");
        watcher.OnChanged();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Same(good, watcher.Current);
        Assert.True(_reloads.Reader.TryRead(out ConfigResult? first) && first.IsValid);
        Assert.True(_reloads.Reader.TryRead(out ConfigResult? second));
        Assert.Equal(2, second.Errors.Count);
    }

    [Theory]
    [InlineData("write")]
    [InlineData("rename")]
    [InlineData("late folder")]
    [InlineData("link")]
    [InlineData("folder replaced")]
    public async Task Start_RealFile_NoticesEveryWayOfSaving(string way)
    {
        string folder = Path.Combine(_folder.FullName, "a", "b");
        string path = Path.Combine(folder, "portia.json");
        if (way != "late folder")
            Write(path, 1);
        if (way == "link")
        {
            string real = Path.Combine(_folder.FullName, "dotfiles", "real.json");
            Write(real, 1);
            File.Delete(path);
            File.CreateSymbolicLink(path, real);
        }

        using var watcher = new ConfigWatcher(path, Settings.Default, p => ConfigLoader.Load(p), r => _reloads.Writer.TryWrite(r), TimeProvider.System);
        watcher.Start();
        switch (way)
        {
            case "rename":
                Write(path + ".tmp", 9);
                File.Move(path + ".tmp", path, overwrite: true);
                break;
            case "link":
                Write(Path.Combine(_folder.FullName, "dotfiles", "real.json"), 9);
                break;
            case "folder replaced":
                Directory.Move(folder, folder + ".old");
                Write(path, 9);
                break;
            default:
                Write(path, 9);
                break;
        }

        await ReloadedAsync(r => r.Settings?.Strike.BudgetStrikes == 9);
        Assert.Equal(9, watcher.Current.Strike.BudgetStrikes);

        // The watch has followed: what happens next is seen as well.
        await File.WriteAllTextAsync(path, "{ \"oops\": 1 }");
        await ReloadedAsync(r => r.Errors.Any(e => e.Path == "$.oops"));
        Assert.Equal(9, watcher.Current.Strike.BudgetStrikes);
    }

    [Fact]
    public async Task Start_FolderOfAFileThatNeverWas_IsNoMistakeUntilTheFileCameAndWent()
    {
        string path = Path.Combine(_folder.FullName, "a", "portia.json");
        using var watcher = new ConfigWatcher(path, Settings.Default, p => ConfigLoader.Load(p), r => _reloads.Writer.TryWrite(r), _time);
        watcher.OnChanged();
        _time.Advance(TimeSpan.FromSeconds(1));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        watcher.OnChanged();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(_reloads.Reader.TryRead(out _));

        Write(path, 9);
        watcher.OnChanged();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True((await _reloads.Reader.ReadAsync()).IsValid);

        File.Delete(path);
        watcher.OnChanged();
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False((await _reloads.Reader.ReadAsync()).IsValid);
        Assert.Equal(9, watcher.Current.Strike.BudgetStrikes);
    }

    [Fact]
    public async Task Start_RightsMended_IsNoticed()
    {
        string path = Path.Combine(_folder.FullName, "portia.json");
        await File.WriteAllTextAsync(path, """{ "rules": [ { "name": "k", "action": "kill" } ] }""");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherWrite);
        using var watcher = new ConfigWatcher(path, Settings.Default, p => ConfigLoader.Load(p), r => _reloads.Writer.TryWrite(r), TimeProvider.System);
        watcher.Start();
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await ReloadedAsync(r => r.IsValid);
        Assert.Equal(RuleAction.Kill, watcher.Current.Rules[0].Action);
    }

    private async Task ReloadedAsync(Func<ConfigResult, bool> isAwaited)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!isAwaited(await _reloads.Reader.ReadAsync(patience.Token)))
        {
            // An editor's intermediate state may be read and reported first.
        }
    }

    private ConfigWatcher Watch(string path, Func<string, ConfigResult> load) => new(path, Settings.Default, load, r => _reloads.Writer.TryWrite(r), _time);

    private static ConfigResult Result(int strikes) => new("x", Settings.Default with { Strike = new StrikeSettings { BudgetStrikes = strikes } }, []);

    private static void Write(string path, int strikes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, $$"""{ "strike": { "budget": { "strikes": {{strikes}} } } }""");
    }
}
