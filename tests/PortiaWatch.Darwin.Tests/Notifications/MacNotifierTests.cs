using PortiaWatch.Darwin.Notifications;
using PortiaWatch.Darwin.Programs;
using PortiaWatch.Darwin.Tests.Support;
using PortiaWatch.Pipeline;

namespace PortiaWatch.Darwin.Tests.Notifications;

[Collection(World.Collection)]
public sealed class MacNotifierTests : IDisposable
{
    private const string Hostile = "x\" & do shell script \"touch /tmp/owned\" & \"";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly World _world = new World().WithHost();

    public void Dispose() => _world.Dispose();

    [StandInFact]
    public async Task Tell_Text_IsAnArgumentAndNeverPartOfTheScript()
    {
        using StandInProgram osascript = new("osascript", "");
        await Notifier(osascript).TellAsync("-e title", $"{Hostile}\u001b[31m\nnext step", CancellationToken.None);

        Assert.Equal(
            ["-e", "on run argv", "-e", "display notification (item 3 of argv) with title (item 2 of argv)", "-e", "end run", "portia", "-e title", Hostile + "\nnext step"],
            Assert.Single(osascript.Runs));
    }

    [StandInFact]
    public async Task Ask_Question_LeavesByDefaultAndOnCancelAndGivesUp()
    {
        using StandInProgram osascript = new("osascript", "echo 'button returned:Strike, gave up:false'");
        Assert.Equal(Answer.Strike, await Notifier(osascript).AskAsync("Port 3000 is taken. Strike?", Hostile, Limit, CancellationToken.None));

        string[] arguments = Assert.Single(osascript.Runs);
        Assert.Equal(
            "display alert (item 2 of argv) message (item 3 of argv) as warning buttons {\"Leave\", \"Strike\"} default button \"Leave\" cancel button \"Leave\""
            + " giving up after ((item 4 of argv) as integer)",
            arguments[3]);
        Assert.Equal(["portia", "Port 3000 is taken. Strike?", Hostile.Trim(), "60"], arguments[^4..]);
    }

    [Theory]
    [InlineData(0, "button returned:Strike, gave up:false\n", "", Answer.Strike)]
    [InlineData(0, "button returned:Leave, gave up:false\n", "", Answer.Leave)]
    [InlineData(0, "button returned:, gave up:true\n", "", Answer.NoAnswer)]
    [InlineData(0, "button returned:Strike, gave up:true\n", "", Answer.NoAnswer)]
    [InlineData(0, "button returned:Strike", "", Answer.Leave)]
    [InlineData(0, "", "", Answer.Leave)]
    [InlineData(1, "", "0:117: execution error: User canceled. (-128)\n", Answer.Leave)]
    [InlineData(1, "button returned:Strike, gave up:false\n", "boom", null)]
    public void Read_OsascriptsEnd_StrikesOnlyForTheExactButton(int code, string output, string error, Answer? answer) =>
        Assert.Equal(answer, Alert.Read(new ProgramResult(code, output, error)));

    [Theory]
    [InlineData(0, "Strike\n", Answer.Strike)]
    [InlineData(0, "Leave", Answer.Leave)]
    [InlineData(0, "@CLOSED", Answer.Leave)]
    [InlineData(0, "@CONTENTCLICKED", Answer.Leave)]
    [InlineData(0, "@ACTIONCLICKED", Answer.Leave)]
    [InlineData(0, "@TIMEOUT", Answer.NoAnswer)]
    [InlineData(0, "", null)]
    [InlineData(1, "Strike", null)]
    public void Read_AlertersEnd_StrikesOnlyForTheExactLabel(int code, string output, Answer? answer) => Assert.Equal(answer, Alerter.Read(new ProgramResult(code, output, "")));

    [StandInFact]
    public async Task Ask_NoGraphicalSession_IsAPlainSentence()
    {
        using StandInProgram osascript = new("osascript", "echo 'execution error: No user interaction allowed. (-1713)' >&2; exit 1");

        NotifierException failure = await Assert.ThrowsAsync<NotifierException>(() => Notifier(osascript).AskAsync("t", "x", Limit, CancellationToken.None));
        Assert.Contains("No user interaction allowed", failure.Message);
        await Assert.ThrowsAsync<NotifierException>(() => Notifier(osascript).TellAsync("t", "x", CancellationToken.None));
    }

    [StandInFact]
    public async Task Ask_Cancelled_TakesTheQuestionAway()
    {
        using StandInProgram osascript = new("osascript", "mkfifo \"$HERE/asked.$RUN\"; echo > \"$HERE/asked.$RUN\"; exec sleep 300");
        using CancellationTokenSource stop = new();
        Task<Answer> asking = Notifier(osascript).AskAsync("t", "x", Limit, stop.Token);
        while (!File.Exists(Path.Combine(osascript.Folder, "asked.1")))
            await Task.Delay(5);
        await File.ReadAllTextAsync(Path.Combine(osascript.Folder, "asked.1"));
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking.WaitAsync(Limit));
        Assert.False(Directory.Exists($"/proc/{osascript.Pid(1)}"));
    }

    [StandInFact]
    public async Task Ask_AlerterInstalled_AsksThere()
    {
        using StandInProgram osascript = new("osascript", "");
        using StandInProgram alerter = new("alerter", "echo Strike");
        Assert.Equal(Answer.Strike, await Notifier(osascript, alerter).AskAsync("--title", "text", Limit, CancellationToken.None));
        Assert.Equal(["--title", " --title", "--message", "text", "--actions", "Strike", "--closeLabel", "Leave", "--timeout", "60"], Assert.Single(alerter.Runs));
        Assert.Empty(osascript.Runs);
    }

    [StandInFact]
    public async Task Ask_AlerterShowsNothing_FallsBackToTheAlert()
    {
        using StandInProgram osascript = new("osascript", "echo 'button returned:Leave, gave up:false'");
        using StandInProgram alerter = new("alerter", "exit 1");
        Assert.Equal(Answer.Leave, await Notifier(osascript, alerter).AskAsync("t", "text", Limit, CancellationToken.None));
        Assert.Single(osascript.Runs);
    }

    [StandInTheory]
    [InlineData("terminal-notifier 3.0.0.", true)]
    [InlineData("2.0.0", false)]
    [InlineData("", false)]
    public async Task Tell_TerminalNotifierInstalled_IsUsedFromVersionThree(string version, bool isUsed)
    {
        using StandInProgram osascript = new("osascript", "");
        using StandInProgram terminal = new("terminal-notifier", $"test \"$1\" = -version && echo '{version}'; exit 0");
        await Notifier(osascript, terminal).TellAsync("title", "[text]", CancellationToken.None);
        Assert.Equal(isUsed ? 0 : 1, osascript.Runs.Count);
        if (isUsed)
            Assert.Equal(["-title", "title", "-message", " [text]", "-group", "portia"], terminal.Runs[1]);
    }

    private static MacNotifier Notifier(StandInProgram osascript, StandInProgram? tool = null) =>
        new(new Surroundings { Osascript = osascript.Path, ToolFolders = tool is null ? [] : [tool.Folder] });
}
