using System.Globalization;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Running;

/// <summary>Where there is no terminal <c>portia run</c> is a plain part of a pipeline.</summary>
public sealed class RunOnPipesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Run_OnPipes_KeepsStreamsApartAndAnswersAsTheCommand()
    {
        Portia.Answer answer = await Portia.RunAsync("run", "--", "sh", "-c", "echo out; echo err >&2; test -t 1 || echo no terminal; exit 9");

        Assert.Equal(9, answer.ExitCode);
        Assert.Equal("out\nno terminal\n", answer.Output);
        Assert.Equal("err", answer.Messages.Trim());
    }

    [Fact]
    public async Task Run_OnPipes_HandsStandardInputDown()
    {
        Portia.Answer answer = await Portia.PipeAsync("one\ntwo\n", "run", "--", "tr", "a-z", "A-Z");

        Assert.Equal("ONE\nTWO\n", answer.Output);
    }

    [Fact]
    public async Task Run_ToOnePlace_KeepsTheOrderOfBothStreams()
    {
        Portia.Answer answer = await Portia.RunAsync("run", "--", "sh", "-c", "exec 2>&1; for i in 1 2 3 4 5 6 7 8 9; do echo a$i; echo b$i >&2; done");
        await using Server both = Server.Start(_folder.Path, "/bin/sh", "-c", $"{Portia.Program} run -- sh -c 'for i in 1 2 3 4 5 6 7 8 9; do echo a$i; echo b$i >&2; done' >all 2>&1");
        await both.WaitForExitAsync();

        Assert.Equal(answer.Output, await File.ReadAllTextAsync(Path.Combine(_folder.Path, "all")));
    }

    [Theory]
    [InlineData("exit 300", 44)]
    [InlineData("kill -HUP $$", 129)]
    [InlineData("kill -SEGV $$", 139)]
    public async Task Run_OnPipes_GivesShellExitCodes(string script, int code) =>
        Assert.Equal(code, (await Portia.RunAsync("run", "--", "sh", "-c", script)).ExitCode);

    [Fact]
    public async Task Run_OrphanThatWritesLate_IsHeardToTheEndByAPatientReader()
    {
        Portia.Answer answer = await Portia.RunAsync("run", "--", "sh", "-c", "(sleep 0.4; echo late) & echo early");

        Assert.Equal("early\nlate\n", answer.Output);
    }

    [Fact]
    public async Task Run_ToAFile_EndsWithTheCommandWhateverItLeft()
    {
        await using Server run = Server.Start(_folder.Path, "/bin/sh", "-c", $"{Portia.Program} run -- sh -c 'sleep 30 & echo $! >left; echo early' >out 2>errors; echo ended");

        await run.PrintsAsync("ended");
        Assert.Equal("early\n", await File.ReadAllTextAsync(Path.Combine(_folder.Path, "out")));
        Signals.Send(int.Parse(await File.ReadAllTextAsync(Path.Combine(_folder.Path, "left"))), Signals.Kill);
    }

    [Fact]
    public async Task Run_Environment_IsTheCallersByteByByte()
    {
        await using Server run = Server.Start(_folder.Path, "/bin/sh", "-c", $"X=$(printf '\\377') Y='a b' {Portia.Program} run -- sh -c 'printf \"%s|%s\" \"$X\" \"$Y\" | od -An -tx1'");

        await run.PrintsAsync("ff 7c 61 20 62");
    }

    [Fact]
    public async Task Run_IgnoredSignal_StaysIgnored()
    {
        await using Server run = Server.Start(_folder.Path, "/bin/sh", "-c", $"trap '' HUP; exec {Portia.Program} run -- sh -c 'grep -E \"Sig(Ign|Blk)\" /proc/self/status'");

        await run.WaitForExitAsync();
        Assert.Matches("SigIgn:\t[0-9a-f]{12}0001", run.Output);
        Assert.Contains("SigBlk:\t0000000000000000", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Terminated_PassesItOn()
    {
        await using Portia portia = Portia.Start("run", "--", "bash", "-c", "trap 'echo asked to end; exit 6' TERM; echo begun; while :; do sleep 0.05; done");
        Assert.Equal("begun", await portia.ReadLineAsync());

        Signals.Send(portia.Pid, Signals.Terminate);

        Assert.Equal("asked to end", await portia.ReadLineAsync());
        Assert.Equal(6, await portia.WaitForExitAsync());
    }

    [Theory]
    [InlineData(Signals.Terminate)]
    [InlineData(Signals.HangUp)]
    public async Task Run_Terminated_LeavesNoOrphan(int signal)
    {
        // As npm and the server below it: the first does not pass the signal on.
        await using Portia portia = Portia.Start("run", "--", "sh", "-c", "sleep 300 & echo $!; wait");
        int below = int.Parse(await portia.ReadLineAsync() ?? "", CultureInfo.InvariantCulture);

        Signals.Send(portia.Pid, signal);

        Assert.Null(await portia.ReadLineAsync());
        Assert.Equal(128 + signal, await portia.WaitForExitAsync());
        await Orphan.GoneAsync(below);
    }

    [Fact]
    public async Task Run_TerminatedOnATerminal_LeavesNoOrphan()
    {
        await using Typist typist = Typist.Start(_folder.Path, "portia", "run", "--", "sh", "-c", "nohup sleep 300 & echo \"below $!;\"; wait");
        await typist.SeesAsync("below ");
        await typist.SeesAsync(";");
        string shown = typist.Shown;
        int from = shown.IndexOf("below ", StringComparison.Ordinal) + 6;

        Signals.Send(typist.Pid, Signals.Terminate);

        Assert.Equal(143, await typist.Exit);
        await Orphan.GoneAsync(int.Parse(shown[from..shown.IndexOf(';', from)], CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("run")]
    [InlineData("run", "--")]
    [InlineData("run", "--free", "--wait", "--", "true")]
    [InlineData("run", "--retries", "-1", "--", "true")]
    public async Task Run_WrongUsage_IsTwo(params string[] arguments) => Assert.Equal(2, (await Portia.RunAsync(arguments)).ExitCode);

    [Theory]
    [InlineData("run", "echo", "--json")]
    [InlineData("run", "--retries", "2", "--no-color", "--", "echo", "--json")]
    [InlineData("--no-color", "run", "--free", "--", "echo", "--json")]
    public async Task Run_OptionsAfterTheCommand_AreTheCommands(params string[] arguments) => Assert.Equal("--json\n", (await Portia.RunAsync(arguments)).Output);
}
