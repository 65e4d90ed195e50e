using System.Text;
using PortiaWatch.Linux.Containers;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Linux.Tests.Containers;

public sealed class ContainerEnginesTests
{
    private const string Id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    private const string Other = "f123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private static readonly ProcessFacts Proxy = Some.Process(70, "docker-proxy") with { Path = "/usr/bin/docker-proxy", Command = ["/usr/bin/docker-proxy", "-proto", "tcp"] };

    private static string Web(string id = Id, string name = "web", string port = """{"IP":"0.0.0.0","PrivatePort":80,"PublicPort":3000,"Type":"tcp"}""") =>
        $$"""{"Id":"{{id}}","Names":["/{{name}}"],"Image":"nginx:1.25","Labels":{"com.docker.compose.project":"shop"},"Ports":[{{port}}]}""";

    [Fact]
    public void Explain_Proxy_IsItsContainerWithImageAndProject()
    {
        using var engine = new StandInEngine(_ => StandInEngine.Ok($"[{Web()}]"));

        ProcessFacts facts = Engines(engine).Explain(Proxy, Some.Tcp(3000, "*"));

        Assert.Equal("web (nginx:1.25, compose project shop)", facts.Container);
        Assert.Equal(["docker", "stop", "web"], facts.Supervisor?.StopCommand);
        Assert.True(facts.Supervisor?.IsProxy);
        Assert.Equal(Proxy.Identity, facts.Identity);
    }

    [Fact]
    public void Explain_OtherProgramOrPort_AsksOrChangesNothing()
    {
        using var engine = new StandInEngine(_ => StandInEngine.Ok($"[{Web()}]"));
        ProcessFacts node = Some.Process();

        Assert.Same(node, Engines(engine).Explain(node, Some.Tcp()));
        Assert.Empty(engine.Requests);
        Assert.Same(Proxy, Engines(engine).Explain(Proxy, Some.Tcp(3001)));
        Assert.Same(Proxy, Engines(engine).Explain(Proxy, Some.Tcp(3000) with { Transport = Transport.Udp }));
    }

    [Fact]
    public void Explain_TwoThatFit_AreNone()
    {
        using var engine = new StandInEngine(_ => StandInEngine.Ok($"[{Web()},{Web(Other, "api")}]"));

        Assert.Same(Proxy, Engines(engine).Explain(Proxy, Some.Tcp()));
    }

    [Fact]
    public void Explain_Conmon_GoesByItsContainersIdAndItsPort()
    {
        using var engine = new StandInEngine(_ => StandInEngine.Ok($"[{Web()},{Web(Other, "api", """{"PrivatePort":80,"PublicPort":3001,"Type":"tcp"}""")}]"), "podman");
        ProcessFacts conmon = Some.Process(71, "conmon") with { Path = "/usr/bin/conmon", Command = ["/usr/bin/conmon", "-c", Other] };

        Assert.Equal(["podman", "stop", "api"], Engines(engine).Explain(conmon, Some.Tcp(3001)).Supervisor?.StopCommand);
        Assert.Same(conmon, Engines(engine).Explain(conmon, Some.Tcp()));
    }

    [Fact]
    public void Explain_ProcessInside_GetsTheNameOfItsContainer()
    {
        using var engine = new StandInEngine(_ => StandInEngine.Ok($"[{Web(port: "")}]"));
        ProcessFacts inside = Some.Process() with { Container = Id[..12], Supervisor = new Supervisor("docker", Id[..12], ["docker", "stop", Id[..12]]) };

        ProcessFacts facts = Engines(engine).Explain(inside, Some.Tcp());

        Assert.Equal(("web (nginx:1.25, compose project shop)", false), (facts.Container, facts.Supervisor?.IsProxy));
        Assert.Equal(["docker", "stop", "web"], facts.Supervisor?.StopCommand);
    }

    [Theory]
    [InlineData("204 No Content", null)]
    [InlineData("304 Not Modified", null)]
    [InlineData("404 Not Found", "found no such container any more")]
    [InlineData("500 Internal Server Error", "was refused by the engine (500)")]
    public async Task StopAsync_Answer_IsTheEndOfASentence(string status, string? expected)
    {
        using var engine = new StandInEngine(request => request.StartsWith("GET", StringComparison.Ordinal) ? StandInEngine.Ok($"[{Web()}]") : StandInEngine.Ok("", status));
        Supervisor supervisor = Engines(engine).Explain(Proxy, Some.Tcp()).Supervisor!;

        Assert.Equal(expected, await supervisor.StopAsync!(CancellationToken.None));
        Assert.Equal($"POST /containers/{Id}/stop", engine.Requests[^1]);
    }

    [Fact]
    public void Explain_EngineThatSaysNothing_IsGivenUpSoon()
    {
        using var engine = new StandInEngine(_ => null);

        Assert.Same(Proxy, Engines(engine).Explain(Proxy, Some.Tcp()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[[],3,\"x\",null,{\"Id\":3},{\"Id\":\"../../x\"},{\"Id\":\"\"}]")]
    [InlineData("[{\"Id\":\"abc\",\"Names\":3,\"Ports\":{},\"Labels\":[]}")]
    public void ReadAll_AnotherShape_HasNoContainers(string json) => Assert.Empty(RunningContainer.ReadAll(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void ReadAll_HostileNames_AreNoWordsOfACommand()
    {
        RunningContainer container = Assert.Single(RunningContainer.ReadAll(Encoding.UTF8.GetBytes(
            """[{"Id":"abcdef0123456789","Names":["/--all","/a;b","/\u001b[31m"],"Image":"x\u001b[31m","Labels":{"com.docker.compose.project":3},"Ports":[{"PublicPort":70000},{"PublicPort":"3"},3,{"PublicPort":5,"Type":"sctp"}]}]""")));

        Assert.Equal(("abcdef012345", 0), (container.Name, container.Ports.Count));
        Assert.DoesNotContain('\x1b', container.Title);
    }

    [Fact]
    public void ReadAllAndParse_MutatedAnswers_NeverThrow()
    {
        var random = new Random(20_261_122);
        byte[] answer = StandInEngine.Ok($"[{Web()},{Web(Other, "api", """{"IP":"::1","PublicPort":3001,"Type":"udp"}""")}]");
        for (int round = 0; round < 20_000; round++)
        {
            byte[] mutated = [.. answer];
            for (int change = random.Next(1, 6); change > 0; change--)
                mutated[random.Next(mutated.Length)] = (byte)random.Next(256);
            if (EngineConnection.Parse(mutated.AsMemory(0, random.Next(mutated.Length + 1))) is (_, { } body))
                Assert.All(RunningContainer.ReadAll(body), container => Assert.Matches("^[0-9a-f]+$", container.Id));
        }
    }

    private static ContainerEngines Engines(StandInEngine engine) => new(() => [engine.Engine], TimeProvider.System);
}
