using System.Text.Json;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.History;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.History;

public sealed class IncidentHistoryTests : IDisposable
{
    private readonly HistoryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void History_BeforeTheFirstIncident_TouchesNothing()
    {
        using IncidentHistory history = _folder.As(10);

        Assert.False(Directory.Exists(Path.GetDirectoryName(_folder.File)));
    }

    [Fact]
    public void Begin_Incident_IsReadableBeforeItIsActedOn()
    {
        using IncidentHistory history = _folder.As(10);

        history.Begin([HistoryFolder.Verdict()]);

        HistoryEntry entry = Assert.Single(_folder.Read());
        Assert.Null(entry.Outcome);
        Assert.Equal(("c1", 3000, "vite", "kill", "mine"), (entry.Id, entry.Endpoint.Port, entry.Contender, entry.Action, entry.Rule));
        HistoryHolder holder = Assert.Single(entry.Holders);
        Assert.Equal((4121, "node", "/home/dev/shop", "dev", "/home/dev/shop"), (holder.Pid, holder.Name, holder.Folder, holder.User, holder.Project));
        Assert.Equal(["node", "server.js"], holder.Command);
    }

    [Fact]
    public void Complete_Freed_KeepsTheWholeStoryAndWhenItWasFree()
    {
        using IncidentHistory history = _folder.As(10);
        Verdict verdict = HistoryFolder.Verdict();
        Outcome outcome = HistoryFolder.Outcome(verdict);

        history.Begin([verdict]);
        history.Complete([outcome]);

        HistoryEntry entry = Assert.Single(_folder.Read());
        Assert.Equal("freed", entry.Outcome);
        Assert.Equal(Some.Noon.AddSeconds(2), entry.FreedAt);
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(IncidentJson.ToUtf8(verdict, outcome)).RootElement, JsonDocument.Parse(entry.Json).RootElement), entry.Json);
        Assert.Equal(new HistoryReport(2, 0, null), history.Report);
    }

    [Theory]
    [InlineData(OutcomeKind.StillHeld)]
    [InlineData(OutcomeKind.Left)]
    [InlineData(OutcomeKind.TimeWait)]
    public void Complete_NotFreed_HasNoTimeAtWhichItWasFree(OutcomeKind kind)
    {
        using IncidentHistory history = _folder.As(10);
        Verdict verdict = HistoryFolder.Verdict();

        history.Begin([verdict]);
        history.Complete([HistoryFolder.Outcome(verdict, kind)]);

        Assert.Null(Assert.Single(_folder.Read()).FreedAt);
    }

    [Theory]
    [InlineData(OutcomeKind.Logged, true)]
    [InlineData(OutcomeKind.Notified, true)]
    [InlineData(OutcomeKind.Failed, true)]
    [InlineData(OutcomeKind.Freed, false)]
    [InlineData(OutcomeKind.StillHeld, false)]
    [InlineData(OutcomeKind.Refused, false)]
    public void Leave_AfterTheEnd_IsWrittenWhereNothingWasDone(OutcomeKind before, bool isWritten)
    {
        using IncidentHistory history = _folder.As(10);
        Verdict verdict = HistoryFolder.Verdict();
        history.Begin([verdict]);
        Assert.False(history.Leave("c1", "Too early: it is being acted on."));
        history.Complete([HistoryFolder.Outcome(verdict, before)]);

        Assert.Equal(isWritten, history.Leave("c1", "You left node (pid 4121) alone."));
        Assert.False(history.Leave("c2", "There is none."));

        HistoryEntry entry = Assert.Single(_folder.Read());
        JsonElement outcome = JsonDocument.Parse(entry.Json).RootElement.GetProperty("outcome");
        Assert.Equal(isWritten ? "left" : IncidentJson.Camel(before), entry.Outcome);
        Assert.Equal(entry.Outcome, outcome.GetProperty("kind").GetString());
        Assert.Equal(isWritten, outcome.GetProperty("sentence").GetString() == "You left node (pid 4121) alone.");
    }

    [Fact]
    public void Begin_WriterThatDied_ReadsAsUnfinishedAndIsMarkedSoByTheNextWriter()
    {
        using (IncidentHistory history = _folder.As(10))
            history.Begin([HistoryFolder.Verdict()]);
        Assert.Null(Assert.Single(_folder.Read()).Outcome);

        _folder.Die(10);

        HistoryEntry read = Assert.Single(_folder.Read(new HistoryQuery { Outcomes = ["unfinished"] }));
        Assert.Contains("the watcher stopped while acting", read.Json, StringComparison.Ordinal);
        Assert.Equal(1L, _folder.Scalar("SELECT acting FROM incident"));

        using IncidentHistory next = _folder.As(11);
        next.Begin([HistoryFolder.Verdict("c2")]);

        Assert.Equal(0L, _folder.Scalar("SELECT acting FROM incident WHERE id = 'c1'"));
        Assert.Equal(["unfinished", null], _folder.Read().Select(entry => entry.Outcome));
        Assert.Contains("not finished", Assert.Single(_folder.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Begin_WriterThatLives_IsNotCalledUnfinishedByAnother()
    {
        using IncidentHistory one = _folder.As(10);
        using IncidentHistory other = _folder.As(11);

        one.Begin([HistoryFolder.Verdict("c1")]);
        other.Begin([HistoryFolder.Verdict("c2")]);

        Assert.Equal([null, null], _folder.Read().Select(entry => entry.Outcome));
        Assert.Empty(_folder.Warnings);
    }

    [Fact]
    public void Complete_WeakerVerdictAfterAStrongerBegan_LeavesTheStrongerOpen()
    {
        using IncidentHistory history = _folder.As(10);
        Verdict weak = HistoryFolder.Verdict(action: RuleAction.Notify);
        Verdict strong = HistoryFolder.Verdict(action: RuleAction.Kill);

        history.Begin([weak]);
        history.Begin([strong]);
        history.Complete([HistoryFolder.Outcome(weak, OutcomeKind.Notified)]);
        Assert.Equal(("kill", null), (_folder.Read()[0].Action, _folder.Read()[0].Outcome));
        history.Complete([HistoryFolder.Outcome(strong)]);

        HistoryEntry entry = Assert.Single(_folder.Read());
        Assert.Equal(("kill", "freed"), (entry.Action, entry.Outcome));
        Assert.Single(entry.Holders);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Recount_BeforeOrAfterTheVerdict_KeepsTheFinalCount(bool isEarly)
    {
        using IncidentHistory history = _folder.As(10);
        Verdict verdict = HistoryFolder.Verdict();
        Collision closed = verdict.Incident.Collision with { Phase = CollisionPhase.Closed, Count = 7, Last = Some.Noon.AddSeconds(4), Sources = ["kernel", "journal"] };

        if (isEarly)
            history.Recount([closed]);
        history.Begin([verdict]);
        if (!isEarly)
            history.Recount([closed]);
        history.Complete([HistoryFolder.Outcome(verdict)]);

        HistoryEntry entry = Assert.Single(_folder.Read());
        JsonElement collision = JsonDocument.Parse(entry.Json).RootElement.GetProperty("collision");
        Assert.Equal((7, Some.Noon.AddSeconds(4)), (entry.Count, entry.Last));
        Assert.Equal((7, Some.Noon.AddSeconds(4), 2), (collision.GetProperty("count").GetInt32(), collision.GetProperty("last").GetDateTimeOffset(), collision.GetProperty("sources").GetArrayLength()));
    }

    [Fact]
    public void Trim_OnOpeningAndOnceADay_ForgetsWhatIsOlderThanTheSettingInForce()
    {
        using IncidentHistory history = _folder.As(10);
        Verdict old = HistoryFolder.Verdict("old");
        history.Begin([old]);
        history.Complete([HistoryFolder.Outcome(old)]);
        _folder.Keep = TimeSpan.FromDays(2);

        _folder.Time.Advance(TimeSpan.FromHours(23));
        history.Begin([HistoryFolder.Verdict("later", at: _folder.Time.GetUtcNow())]);
        _folder.Time.Advance(TimeSpan.FromHours(26));
        Assert.Equal(["old", "later"], _folder.Read().Select(entry => entry.Id));
        history.Begin([HistoryFolder.Verdict("now", at: _folder.Time.GetUtcNow())]);

        Assert.Equal(["later", "now"], _folder.Read().Select(entry => entry.Id));
        Assert.Equal(2L, _folder.Scalar("SELECT count(*) FROM holder"));
    }

    [Fact]
    public void History_OnDisk_IsForItsUserOnly()
    {
        using IncidentHistory history = _folder.As(10);
        history.Begin([HistoryFolder.Verdict()]);

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(_folder.File)!));
            foreach (string file in Directory.GetFiles(Path.GetDirectoryName(_folder.File)!))
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public async Task History_TwoWritersAtOnce_LoseNothing()
    {
        using IncidentHistory one = _folder.As(10);
        using IncidentHistory other = _folder.As(11);

        await Task.WhenAll(Task.Run(() => Write(one, "a")), Task.Run(() => Write(other, "b")));

        Assert.Equal(200, _folder.Read(new HistoryQuery { Outcomes = ["freed"] }).Count);
        Assert.Equal((0, 0), (one.Report.NotWritten, other.Report.NotWritten));
        Assert.Equal("ok", _folder.Scalar("PRAGMA integrity_check"));
    }

    [Fact]
    public void Begin_HostileTexts_ComeBackAsTheyWere()
    {
        using IncidentHistory history = _folder.As(10);
        const string Hostile = "x'); DROP TABLE incident; --\u001b]0;owned\a\u202e\"\0\ud83d\ude00";

        history.Begin([HistoryFolder.Verdict(holder: Hostile, folder: "/tmp/$(reboot)\n")]);

        HistoryHolder holder = Assert.Single(Assert.Single(_folder.Read()).Holders);
        Assert.Equal("/tmp/$(reboot)\n", holder.Folder);
        Assert.StartsWith("x'); DROP TABLE incident; --\u001b]0;owned\a\u202e\"", holder.Name, StringComparison.Ordinal);
    }

    private static void Write(IncidentHistory history, string prefix)
    {
        for (int i = 0; i < 100; i++)
        {
            Verdict verdict = HistoryFolder.Verdict($"{prefix}{i}", 3000 + i);
            history.Begin([verdict]);
            history.Complete([HistoryFolder.Outcome(verdict)]);
        }
    }
}
