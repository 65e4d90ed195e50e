using PortiaWatch.Linux.Notifications;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Linux.Tests.Notifications;

/// <summary>The real notify-send, a real notification on a real display, and a mouse that clicks on it.</summary>
public sealed class NotifySendTests
{
    private const string Title = "-Port 3000 <b>is taken</b>";
    private const string Text = "node (4121) & friends\nholds it <i>still</i> \\n";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    [SkippableTheory]
    [InlineData(0.44, Answer.Strike)]
    [InlineData(0.80, Answer.Leave)]
    public async Task AskAsync_ButtonClicked_IsTheAnswer(double right, Answer expected)
    {
        await using var desktop = await Desktop.StartAsync(withNotifications: true);
        var asking = Notifier(desktop).AskAsync(Title, Text, TimeSpan.FromMinutes(1), CancellationToken.None);

        await desktop.ClickAsync(right, 0.75);

        Assert.Equal(expected, await asking.WaitAsync(Limit));
    }

    [SkippableFact]
    public async Task AskAsync_LimitPasses_IsNoAnswerAndClearsTheScreen()
    {
        await using var desktop = await Desktop.StartAsync(withNotifications: true);
        var time = new ManualTimeProvider();
        var asking = Notifier(desktop, time).AskAsync(Title, Text, TimeSpan.FromMinutes(1), CancellationToken.None);
        await desktop.WaitForNotificationAsync();

        await time.AdvanceToNextTimerAsync();

        Assert.Equal(Answer.NoAnswer, await asking.WaitAsync(Limit));
        await desktop.WaitForNothingAsync();
    }

    [SkippableFact]
    public async Task TellAsync_Desktop_ShowsIt()
    {
        await using var desktop = await Desktop.StartAsync(withNotifications: true);

        await Notifier(desktop).TellAsync(Title, Text, CancellationToken.None);

        await desktop.WaitForNotificationAsync();
    }

    [SkippableFact]
    public async Task AskAsync_NobodyShowsNotifications_SaysSo()
    {
        await using var desktop = await Desktop.StartAsync(withNotifications: false);

        var told = await Assert.ThrowsAsync<NotifierException>(() => Notifier(desktop).TellAsync(Title, Text, CancellationToken.None));
        var asked = await Assert.ThrowsAsync<NotifierException>(() => Notifier(desktop).AskAsync(Title, Text, TimeSpan.FromMinutes(1), CancellationToken.None).WaitAsync(Limit));

        Assert.Equal(("No notification service is running in this desktop session.", told.Message), (told.Message, asked.Message));
    }

    private static DesktopNotifier Notifier(Desktop desktop, TimeProvider? time = null) => new(time ?? TimeProvider.System, null, desktop.Session);
}
