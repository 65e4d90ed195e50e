using PortiaWatch.Linux.Notifications;
using PortiaWatch.Linux.Tests.Support;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Linux.Tests.Notifications;

/// <summary>Against scripts that stand in for notify-send.</summary>
public sealed class DesktopNotifierTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private static readonly Dictionary<string, string?> Bus = new() { ["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nowhere" };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AskAsync_HostileText_IsDataInOneArgument()
    {
        var notifier = Notifier("for a in \"$@\"; do printf '<%s>\\n' \"$a\"; done > \"$0.args\"; echo leave");

        var answer = await notifier.AskAsync("--help $(touch x)", "-A a=b; <b>bold</b> & \\n \x1b[31mred\u202E\nsecond \0line\n\n`id`", TimeSpan.FromMinutes(1), CancellationToken.None);

        Assert.Equal(Answer.Leave, answer);
        Assert.Equal(
            "<-a>\n<PortiaWatch>\n<-u>\n<critical>\n<-t>\n<60000>\n<-A>\n<strike=Strike>\n<-A>\n<leave=Leave>\n<-->\n<--help $(touch x)>\n<-A a=b; &lt;b&gt;bold&lt;/b&gt; &amp; \\\\n red\nsecond line\n`id`>\n",
            await File.ReadAllTextAsync(_folder["notify-send.args"]));
    }

    [Theory]
    [InlineData("echo strike", Answer.Strike)]
    [InlineData("echo leave", Answer.Leave)]
    [InlineData("", Answer.NoAnswer)]
    [InlineData("echo 'strike me'", Answer.NoAnswer)]
    [InlineData("echo Strike", Answer.NoAnswer)]
    public async Task AskAsync_WhatItPrints_IsTheAnswer(string script, Answer expected) =>
        Assert.Equal(expected, await Notifier(script).AskAsync("title", "text", Limit, CancellationToken.None));

    [Fact]
    public async Task AskAsync_LimitPasses_IsNoAnswerAndEndsTheQuestion()
    {
        var time = new ManualTimeProvider();
        var notifier = Notifier("trap 'touch \"$0.closed\"; exit 0' INT; while :; do sleep 0.05; done", time);
        var asking = notifier.AskAsync("title", "text", TimeSpan.FromMinutes(5), CancellationToken.None);

        Assert.Equal(TimeSpan.FromMinutes(5), await time.AdvanceToNextTimerAsync());

        Assert.Equal(Answer.NoAnswer, await asking.WaitAsync(Limit));
    }

    [Fact]
    public async Task AskAsync_Cancelled_EndsTheQuestion()
    {
        using var stop = new CancellationTokenSource();
        var asking = Notifier("exec sleep 1000").AskAsync("title", "text", TimeSpan.FromMinutes(5), stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking.WaitAsync(Limit));
    }

    [Fact]
    public async Task AskAsync_LibnotifyWithoutButtons_TellsInstead()
    {
        var notifier = Notifier("case \"$*\" in *-A*) echo 'Unknown option -A' >&2; exit 1;; esac; touch \"$0.told\"");

        Assert.Equal(Answer.NoAnswer, await notifier.AskAsync("title", "text", Limit, CancellationToken.None));
        Assert.True(File.Exists(_folder["notify-send.told"]));
    }

    [Theory]
    [InlineData("echo 'GDBus.Error:org.freedesktop.DBus.Error.ServiceUnknown: The name org.freedesktop.Notifications was not provided by any .service files' >&2; exit 1", "No notification service is running in this desktop session.")]
    [InlineData("echo 'Could not \x1b[31mconnect.' >&2; exit 1", "The notification could not be shown: Could not connect.")]
    [InlineData("exit 7", "The notification could not be shown.")]
    public async Task TellAsync_Failure_IsOnePlainSentence(string script, string expected)
    {
        var told = await Assert.ThrowsAsync<NotifierException>(() => Notifier(script).TellAsync("title", "text", CancellationToken.None));
        var asked = await Assert.ThrowsAsync<NotifierException>(() => Notifier(script).AskAsync("title", "text", Limit, CancellationToken.None));

        Assert.Equal((expected, expected), (told.Message, asked.Message));
    }

    [Fact]
    public async Task TellAsync_ServiceThatNeverAnswers_IsGivenUp()
    {
        var time = new ManualTimeProvider();
        var telling = Notifier("exec sleep 1000", time).TellAsync("title", "text", CancellationToken.None);

        await time.AdvanceToNextTimerAsync();

        await Assert.ThrowsAsync<NotifierException>(() => telling.WaitAsync(Limit));
    }

    [Fact]
    public async Task AskAsync_NoSessionBus_IsNoAnswerAtOnce()
    {
        var notifier = new DesktopNotifier(TimeProvider.System, _folder["notify-send"], new Dictionary<string, string?> { ["DBUS_SESSION_BUS_ADDRESS"] = null, ["XDG_RUNTIME_DIR"] = _folder.Path });
        Assert.False(notifier.IsAvailable);
        Assert.Equal(Answer.NoAnswer, await notifier.AskAsync("title", "text", Limit, CancellationToken.None));
        await Assert.ThrowsAsync<NotifierException>(() => notifier.TellAsync("title", "text", CancellationToken.None));

        _folder.Write("bus", "");
        Assert.True(notifier.IsAvailable);
    }

    private DesktopNotifier Notifier(string script, TimeProvider? time = null) => new(time ?? TimeProvider.System, StandIn.Make(_folder, "notify-send", script), Bus);
}
