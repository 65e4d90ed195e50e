using PortiaWatch.Darwin.Launchd;
using PortiaWatch.Darwin.Tests.Support;

namespace PortiaWatch.Darwin.Tests.Launchd;

public sealed class LaunchctlTextTests
{
    [Fact]
    public void Services_Domain_GivesPidAndLabel() => Assert.Equal(
        [(0, "com.apple.mdworker.shared"), (876, "homebrew.mxcl.redis"), (900, "com.example.web")],
        LaunchctlText.Services("gui/501", LaunchctlSamples.Domain).Take(3).Select(job => (job.Pid, job.Label)));

    [Fact]
    public void Endpoints_DomainAndService_GivesMachNames()
    {
        Assert.Equal(["com.apple.backgroundtaskmanagement.sfl", "com.example.ondemand"], LaunchctlText.Endpoints(LaunchctlSamples.Domain));
        Assert.Equal(["com.example.web.control"], LaunchctlText.Endpoints(LaunchctlSamples.Service));
    }

    [Fact]
    public void Value_Service_GivesTheFirst()
    {
        Assert.Equal(("900", "running", null), (LaunchctlText.Value(LaunchctlSamples.Service, "pid"), LaunchctlText.Value(LaunchctlSamples.Service, "state"), LaunchctlText.Value(LaunchctlSamples.Service, "stat")));
    }

    [Fact]
    public void Parsers_MutatedOutput_NeverThrow()
    {
        Random random = new(50);
        for (int round = 0; round < 3000; round++)
        {
            char[] text = (round % 2 == 0 ? LaunchctlSamples.Domain : LaunchctlSamples.Service).ToCharArray();
            for (int changes = random.Next(20); changes > 0; changes--)
                text[random.Next(text.Length)] = "{}=\n\t 0x9aé"[random.Next(11)];
            string mutated = new(text, 0, random.Next(text.Length + 1));
            Assert.True(LaunchctlText.Services("gui/501", mutated).Count() + LaunchctlText.Endpoints(mutated).Count() < 100);
            _ = LaunchctlText.Value(mutated, "pid");
        }
    }

    [Fact]
    public void LaunchdJobs_ManyQuestionsAtOnce_ListOnce()
    {
        int listings = 0;
        LaunchdJobs jobs = new(_ =>
        {
            listings++;
            return LaunchctlSamples.Domain;
        }, TimeProvider.System);

        Assert.Equal("homebrew.mxcl.redis", jobs.Find(876, 501)?.Label);
        Assert.Equal("com.example.web", jobs.Find(900, 501)?.Label);
        Assert.Equal(1, listings);
    }
}
