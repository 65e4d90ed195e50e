using System.Net.NetworkInformation;
using PortiaWatch.Completion;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Completion;

public sealed class CompletionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("wh", "who")]
    [InlineData("un", "uninstall")]
    [InlineData("rules", "rules")]
    [InlineData("rules ex", "explain")]
    [InlineData("rules explain --tr", "--trust")]
    [InlineData("rules explain --trust k", "kernel")]
    [InlineData("--no-color rules explain --trust k", "kernel")]
    [InlineData("completion z", "zsh")]
    [InlineData("free --gr", "--grace")]
    [InlineData("free 3000 --dr", "--dry-run")]
    [InlineData("watch --source st", "stdin")]
    [InlineData("scan a", ":files")]
    [InlineData("watch --config ", ":files")]
    [InlineData("watch -- ls ", ":files")]
    [InlineData("nonsense x y zz", "")]
    [InlineData("comp", "completion")]
    public async Task Complete_HalfWrittenLine_OffersWhatFits(string line, string expected) => Assert.Equal(expected, string.Join(' ', await OffersAsync(line)));

    [Fact]
    public async Task Complete_Nothing_OffersEveryVerbThatIsForPeople()
    {
        string[] verbs = await OffersAsync("");

        Assert.Contains("watch", verbs);
        Assert.Contains("completion", verbs);
        Assert.DoesNotContain("complete", verbs);
        Assert.DoesNotContain("demo-server", verbs);
    }

    [Fact]
    public async Task Complete_Rule_OffersTheNamesOfTheUsersRules()
    {
        string config = _folder.Write("portia.json", """{ "rules": [ { "name": "stale servers", "action": "ask" }, { "name": "the rest; $(touch x)", "action": "log" } ] }""");

        Portia.Answer answer = await Portia.RunAsync("complete", "--", "--config", config, "rules", "explain", "--rule", "");

        Assert.Contains("stale servers\task\nthe rest; $(touch x)\tlog\n", answer.Output, StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("who")]
    [InlineData("free --yes 1")]
    [InlineData("rules explain --port")]
    public async Task Complete_Target_OffersHeldPorts(string before)
    {
        Server.Requires("node");
        int port = Server.FreePort();
        _folder.Write("server.js", $"require('http').createServer().listen({port}, '127.0.0.1')");
        await using Server server = await Server.Start(_folder.Path, "/usr/bin/node", "server.js").ListensOnAsync(port);

        Portia.Answer answer = await Portia.RunAsync(["complete", "--", .. before.Split(' '), $"{port}"]);

        Assert.StartsWith($"{port}\tnode (pid {server.Pid}) {_folder.Path}", answer.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bash", "portia.bash")]
    [InlineData("zsh", "_portia")]
    [InlineData("fish", "portia.fish")]
    public void Scripts_Packaged_AreWhatTheVerbPrints(string shell, string file) =>
        Assert.Equal(ShellScripts.For(shell), File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "packaging/completions", file)));

    [SkippableFact]
    public async Task Bash_Tab_CompletesVerbAndPort()
    {
        await using ShellScreen shell = await ShellScreen.StartAsync("bash", "bash --norc --noprofile -i", "source <(portia completion bash)");
        await CheckAsync(shell);

        // The name of a rule is one word, and nothing in it is run.
        string config = _folder.Write("portia.json", """{ "rules": [ { "name": "mine; $(touch x)", "action": "ask" } ] }""");
        await shell.ClearAsync();
        await shell.TypeAsync($"portia --config {config} rules explain --rule mi\t");
        await shell.ShowsAsync(@"--rule mine\;\ \$\(touch\ x\)");
    }

    [SkippableFact]
    public async Task Zsh_Tab_CompletesVerbAndPort()
    {
        await using ShellScreen shell = await ShellScreen.StartAsync("zsh", "zsh -f -i", "autoload -Uz compinit && compinit -D -u; source <(portia completion zsh)");
        await CheckAsync(shell);
    }

    [SkippableFact]
    public async Task Fish_Tab_CompletesVerbAndPort()
    {
        await using ShellScreen shell = await ShellScreen.StartAsync("fish", "fish --no-config -i", "portia completion fish | source");
        await CheckAsync(shell);
    }

    private async Task CheckAsync(ShellScreen shell)
    {
        Server.Requires("node");
        int port = PortOfItsOwnTen();
        _folder.Write("server.js", $"require('http').createServer().listen({port}, '127.0.0.1')");
        await using Server server = await Server.Start(_folder.Path, "/usr/bin/node", "server.js").ListensOnAsync(port);

        await shell.TypeAsync("portia doc\t");
        await shell.ShowsAsync("portia doctor");
        await shell.ClearAsync();
        await shell.TypeAsync($"portia who {port / 10}\t");
        await shell.ShowsAsync($"portia who {port}");
    }

    // No other port may begin with the digits that are typed.
    private static int PortOfItsOwnTen()
    {
        int port = Server.FreePort();
        while (IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Any(listener => listener.Port / 10 == port / 10))
            port = Server.FreePort();
        return port;
    }

    private static async Task<string[]> OffersAsync(string line)
    {
        Portia.Answer answer = await Portia.RunAsync(["complete", "--", .. line.Split(' ')]);
        Assert.True(answer.ExitCode == 0 && answer.Messages.Trim().Length == 0, answer.Messages);
        return [.. answer.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(offer => offer.Split('\t')[0])];
    }
}
