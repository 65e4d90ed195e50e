using PortiaWatch.Running;

namespace PortiaWatch.Tests.Running;

public sealed class ChildTests
{
    [SkippableFact]
    public async Task EndAsync_SomebodyLeftInTheGroup_KeepsTheNumberOfTheGroupUntilHeHasEnded()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "reads /proc");
        using Child child = Child.Start(["sh", "-c", "(trap '' TERM; while :; do sleep 0.05; done) >/dev/null 2>&1 & exit 0"], port: null, real: null, new Screen(), _ => { });
        child.Attend(_ => { });
        await child.Ended;
        Assert.True(ProcessGroup.HasOthers(child.Pid));

        Task end = child.EndAsync();

        // A reaped command's number may be given to anybody as soon as the last of its group is gone.
        bool wasReaped = false;
        while (true)
        {
            // Looked at first: what is said of a moment must have been so before it.
            bool isReaped = !Directory.Exists($"/proc/{child.Pid}");
            if (!ProcessGroup.HasOthers(child.Pid))
                break;
            wasReaped |= isReaped;
            await Task.Delay(10);
        }

        await end;
        Assert.False(wasReaped);
        Assert.False(Directory.Exists($"/proc/{child.Pid}"));
        Assert.Equal(0, child.Reap());
    }
}
