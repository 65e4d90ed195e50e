using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Running;

/// <summary>A command under <c>portia run</c> behaves on a terminal as if Portia were not there.</summary>
public sealed class RunOnTerminalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("exit 42", 42)]
    [InlineData("kill -TERM $$", 143)]
    [InlineData("kill -9 $$", 137)]
    public async Task Run_CommandThatEnds_AnswersAsTheCommand(string script, int code)
    {
        await using Typist typist = Typist.Start(_folder.Path, "portia", "run", "--", "sh", "-c", script);

        Assert.Equal(code, await typist.Exit);
    }

    [Theory]
    [InlineData("no-such-command-here", 127, "no-such-command-here: command not found")]
    [InlineData("./plain.txt", 126, "./plain.txt: Permission denied")]
    [InlineData("./missing.sh", 127, "./missing.sh: No such file or directory")]
    public async Task Run_CommandThatCannotBeStarted_IsToldAsAShellWould(string command, int code, string words)
    {
        _folder.Write("plain.txt", "no program");
        await using Typist typist = Typist.Start(_folder.Path, "portia", "run", "--", command);

        Assert.Equal(code, await typist.Exit);
        await typist.SeesAsync(words);
    }

    [Fact]
    public async Task Run_ScriptWithoutItsFirstLine_IsRunByAShell()
    {
        _folder.Write("bare", "echo ran with $1; exit 5\n");
        await using Typist typist = Typist.Start(_folder.Path, "sh", "-c", "chmod +x bare; exec portia run -- ./bare this");

        await typist.SeesAsync("ran with this");
        Assert.Equal(5, await typist.Exit);
    }

    [Fact]
    public async Task Run_Command_HasATerminalOfItsOwnWithSizeAndGroup()
    {
        const string Script = "test -t 0 && test -t 1 && test -t 2 && echo three; stty size; ps -o tpgid=,pgid= -p $$ | awk '{ print ($1 == $2) ? \"front\" : \"back\" }'; echo word >/dev/tty";
        await using Typist typist = Typist.Start(_folder.Path, new Interop.Libc.WindowSize(33, 101, 0, 0), "portia", "run", "--", "sh", "-c", Script);

        await typist.SeesAsync("three\n33 101\nfront\nword\n");
        Assert.Equal(0, await typist.Exit);
    }

    [Fact]
    public async Task Run_WindowThatChanges_TellsTheCommand()
    {
        await using Typist typist = Typist.Start(_folder.Path, "portia", "run", "--", "bash", "-c", "trap 'stty size; exit' WINCH; echo waiting; while :; do sleep 0.05; done");
        await typist.SeesAsync("waiting");

        typist.Resize(40, 77);

        await typist.SeesAsync("40 77");
        Assert.Equal(0, await typist.Exit);
    }

    [Fact]
    public async Task Run_ControlC_ReachesTheCommandAndNotPortia()
    {
        await using Typist typist = Typist.Start(_folder.Path, "portia", "run", "--", "bash", "-c", "trap 'echo caught; exit 7' INT; echo waiting; while :; do sleep 0.05; done");
        await typist.SeesAsync("waiting");

        typist.Type("\u0003");

        await typist.SeesAsync("caught");
        Assert.Equal(7, await typist.Exit);
    }

    [Fact]
    public async Task Run_RawProgram_GetsEveryKeyAsItIs()
    {
        // Ctrl-C, Ctrl-Z, Ctrl-D, Ctrl-S and a carriage return are plain bytes for a program that reads single keys.
        const string Script = "stty raw -echo; echo waiting; dd bs=1 count=5 2>/dev/null | od -An -tx1; stty sane";
        await using Typist typist = Typist.Start(_folder.Path, "portia", "run", "--", "sh", "-c", Script);
        await typist.SeesAsync("waiting");

        typist.Type("\u0003\u001a\u0004\u0013\r");

        await typist.SeesAsync("03 1a 04 13 0d");
        Assert.Equal(0, await typist.Exit);
    }

    [Fact]
    public async Task Run_ControlZAndFg_SuspendsAndGoesOnWithTheTerminalAsItWas()
    {
        await using Typist typist = await Typist.ShellAsync(_folder.Path);
        typist.Type("stty -echo; stty -g >before; portia run -- bash -c 'echo be''gun; read line; echo got $line; exit 3'\r");
        await typist.SeesAsync("begun");

        typist.Type("\u001a");
        await typist.SeesAsync("Stopped");
        await typist.SeesAsync("ready> ");
        typist.Type("stty -g | cmp - before && echo sa''me\r");
        await typist.SeesAsync("same");
        typist.Type("fg\r");
        await typist.SeesAsync("portia run");
        typist.Type("hello\r");

        await typist.SeesAsync("got hello");
        typist.Type("echo answer $?; stty -g | cmp - before && echo sa''me\r");
        await typist.SeesAsync("answer 3");
        await typist.SeesAsync("same");
    }

    [Fact]
    public async Task Run_ContinuedInTheBackground_RunsOnAndLeavesTheTerminalToTheShell()
    {
        await using Typist typist = await Typist.ShellAsync(_folder.Path);
        typist.Type("portia run -- bash -c 'echo be''gun; until test -e go; do sleep 0.05; done; echo do''ne >result'\r");
        await typist.SeesAsync("begun");
        typist.Type("\u001a");
        await typist.SeesAsync("Stopped");
        await typist.SeesAsync("ready> ");

        typist.Type("bg; echo still my sh''ell\r");
        await typist.SeesAsync("still my shell");
        typist.Type("touch go; wait; cat result\r");

        await typist.SeesAsync("done");
    }

    [Fact]
    public async Task Run_InAPipelineOnATerminal_ReadsKeysAndIsSuspendedWithItsJob()
    {
        await using Typist typist = await Typist.ShellAsync(_folder.Path);
        typist.Type("stty -echo; portia run -- bash -c 'echo be''gun; read line; echo got $line; read line; echo got $line' | cat\r");
        await typist.SeesAsync("begun");
        typist.Type("one\r");
        await typist.SeesAsync("got one");

        typist.Type("\u001a");
        await typist.SeesAsync("Stopped");
        await typist.SeesAsync("ready> ");
        typist.Type("fg\r");
        await typist.SeesAsync("portia run");
        typist.Type("two\r");

        await typist.SeesAsync("got two");
        await typist.SeesAsync("ready> ");
    }

    [Fact]
    public async Task Run_InAPipelineOnATerminal_IsEndedByControlC()
    {
        await using Typist typist = await Typist.ShellAsync(_folder.Path);
        typist.Type("stty -echo; portia run -- bash -c 'echo $$ >pid; echo be''gun; exec sleep 60' | cat\r");
        await typist.SeesAsync("begun");

        typist.Type("\u0003");

        await typist.SeesAsync("ready> ");
        Assert.False(Directory.Exists($"/proc/{(await File.ReadAllTextAsync(Path.Combine(_folder.Path, "pid"))).Trim()}"));
    }

    [Fact]
    public async Task Run_ErrorsToAFile_GoThereAndTheRestToTheTerminal()
    {
        await using Typist typist = Typist.Start(_folder.Path, "sh", "-c", "portia run -- sh -c 'test -t 1 && echo shown; echo apart >&2' 2>errors");

        Assert.Equal(0, await typist.Exit);
        await typist.SeesAsync("shown");
        Assert.Equal("apart\n", await File.ReadAllTextAsync(Path.Combine(_folder.Path, "errors")));
    }

    [Theory]
    [InlineData("TERM", 143)]
    [InlineData("HUP", 129)]
    public async Task Run_EndedBySignal_PassesItOnAndGivesTheTerminalBack(string signal, int code)
    {
        await using Typist typist = await Typist.ShellAsync(_folder.Path);
        typist.Type("stty -echo; stty -g >before; portia run -- bash -c 'echo $PPID >parent; echo be''gun; exec sleep 60'\r");
        await typist.SeesAsync("begun");

        await using Server killer = Server.Start(_folder.Path, "/bin/sh", "-c", $"kill -{signal} $(cat parent)");
        await killer.WaitForExitAsync();

        await typist.SeesAsync("ready> ");
        typist.Type("echo answer $?; stty -g | cmp - before && echo sa''me\r");
        await typist.SeesAsync($"answer {code}");
        await typist.SeesAsync("same");
    }

    [Fact]
    public async Task Run_CommandThatStartsADaemon_EndsWithTheCommand()
    {
        await using Typist typist = Typist.Start(_folder.Path, "portia", "run", "--", "sh", "-c", "setsid sleep 20 & echo $! >daemon; echo started");

        await typist.SeesAsync("started");
        Assert.Equal(0, await typist.Exit);
        int daemon = int.Parse(await File.ReadAllTextAsync(Path.Combine(_folder.Path, "daemon")));
        Assert.True(Directory.Exists($"/proc/{daemon}"));
        Signals.Send(daemon, Signals.Kill);
    }

    [Fact]
    public async Task Run_Flood_PassesEveryByteInBoundedMemory()
    {
        const int Megabytes = 100;
        await using Typist typist = Typist.Start(_folder.Path, "portia", "run", "--", "sh", "-c", $"stty -opost; head -c {Megabytes}M /dev/zero | tr '\\0' 'a' | fold -w 99; grep VmHWM /proc/$PPID/status; echo the end");

        Assert.Equal(0, await typist.Exit);
        await WaitUntil(() => typist.Count > Megabytes * 1024L * 1024);
        Assert.InRange(typist.Count, (Megabytes * 1024L * 1024) + (Megabytes * 1024L * 1024 / 99), (Megabytes * 1024L * 1024) + (Megabytes * 1024L * 1024 / 99) + 200);
        string peak = typist.Shown[(typist.Shown.IndexOf("VmHWM:", StringComparison.Ordinal) + 6)..].TrimStart();
        Assert.InRange(int.Parse(peak[..peak.IndexOf(' ', StringComparison.Ordinal)]), 1, 150_000);
    }

    private static async Task WaitUntil(Func<bool> condition)
    {
        while (!condition())
            await Task.Delay(20);
    }
}
