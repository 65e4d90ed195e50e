using PortiaWatch.Pipeline.Enrichment;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Rendering;
using PortiaWatch.Tests.Verbs;

namespace PortiaWatch.Tests.Rendering;

public sealed class HoldingViewTests
{
    private static readonly Endpoint Port = new() { Transport = Transport.Tcp, Address = "127.0.0.1", Port = 3000 };

    [Fact]
    public void Show_TimeWait_NamesNobodyAndSendsNobodyToRoot()
    {
        string shown = Show(PortState.TimeWait, new Holder { Endpoint = Port, Use = SocketUse.TimeWait, User = "root" });

        Assert.StartsWith("127.0.0.1:3000 is held by nobody", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("root", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("sudo", shown, StringComparison.Ordinal);
    }

    [Fact]
    public void Show_HolderThatCannotBeNamed_SaysWhoseItIsAndHowToSeeIt()
    {
        string shown = Show(PortState.Held, new Holder { Endpoint = Port, Use = SocketUse.Listening, User = "ada" });

        Assert.Contains("a process of ada that cannot be named", shown, StringComparison.Ordinal);
        Assert.Contains("sudo portia who 127.0.0.1:3000", shown, StringComparison.Ordinal);
    }

    private static string Show(PortState state, Holder holder)
    {
        using var writer = new StringWriter();
        HoldingView.Show(new Terminal(Plain.Console(writer), isPlain: true), Port, new Holding(state, [holder], Limit: null), DateTimeOffset.UnixEpoch);
        return writer.ToString();
    }
}
