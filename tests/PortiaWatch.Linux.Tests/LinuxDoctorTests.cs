using PortiaWatch.Linux.Interop;
using PortiaWatch.Linux.Notifications;
using PortiaWatch.Linux.Tests.Notifications;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Linux.Tests;

public sealed class LinuxDoctorTests : IDisposable
{
    private static readonly Capabilities Able = new(Capability.NotifyWithButtons, new Dictionary<Capability, string>());
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task CheckAsync_ThisMachine_NamesEveryPartOnceAndMendsWhatIsLess()
    {
        IReadOnlyList<PlatformCheck> checks = await LinuxPlatform.Create(_folder["state"]).CheckAsync(CancellationToken.None);

        Assert.Equal(
            ["socket table", "signals", "other users' processes", "kernel events", "system log", "notifications", "background watcher"], checks.Select(check => check.Name));
        Assert.All(checks, check => Assert.EndsWith(".", check.Sentence, StringComparison.Ordinal));
        Assert.All(checks.Where(check => check.State != CheckState.Works && check.Name != "kernel events"), check => Assert.NotNull(check.Mend));
    }

    [SkippableFact]
    public async Task Notifications_RealDesktop_SaysThatItHasButtons()
    {
        await using var desktop = await Desktop.StartAsync(withNotifications: true);

        PlatformCheck check = await new NotificationCheck(Able, desktop.Session).RunAsync(CancellationToken.None);

        Assert.Equal((CheckState.Works, "Your desktop shows questions with their buttons."), (check.State, check.Sentence));
    }

    [SkippableFact]
    public async Task Notifications_NobodyOnTheBus_SaysThatNobodyWouldSeeThem()
    {
        await using var desktop = await Desktop.StartAsync(withNotifications: false);

        PlatformCheck check = await new NotificationCheck(Able, desktop.Session).RunAsync(CancellationToken.None);

        Assert.Equal(CheckState.Limited, check.State);
        Assert.Contains("nobody would see", check.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "Started Session 4 of user me.\n", "", CheckState.Works, "can be read")]
    [InlineData(0, "", "", CheckState.Limited, "nothing in the journal")]
    [InlineData(0, "", "No journal files were found.\n", CheckState.Limited, "nothing in the journal")]
    [InlineData(0, "", "Hint: You are currently not seeing messages from other users and the system.\n", CheckState.Limited, "Only your own messages")]
    [InlineData(1, "", "", CheckState.Limited, "cannot be read")]
    public void JudgeJournal_NewestEntry_SaysWhetherThereIsOne(int? code, string output, string errors, CheckState expected, string words)
    {
        PlatformCheck check = LinuxDoctor.JudgeJournal(new ShortRun(code, output, errors));

        Assert.Equal(expected, check.State);
        Assert.Contains(words, check.Sentence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "(['actions', 'body', 'body-markup'],)", CheckState.Works)]
    [InlineData(0, "as 2 \"body\" \"actions\"", CheckState.Works)]
    [InlineData(0, "(['body', 'persistence'],)", CheckState.Limited)]
    [InlineData(0, "(['x-reactions'],)", CheckState.Limited)]
    [InlineData(1, "", CheckState.Limited)]
    [InlineData(null, "", CheckState.Limited)]
    public void Judge_AnswerOfTheService_IsButtonsOnlyWithActions(int? code, string output, CheckState expected) =>
        Assert.Equal(expected, NotificationCheck.Judge(new ShortRun(code, output, "")).State);
}
