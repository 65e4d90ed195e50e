using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Rules;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.Rules;

public sealed class ProcessGlobTests
{
    [Theory]
    [InlineData("node", "node", true)]
    [InlineData("node", "Node", false)]
    [InlineData("node", "nodemon", false)]
    [InlineData("node*", "nodemon", true)]
    [InlineData("python*", "python3.12", true)]
    [InlineData("python?", "python3", true)]
    [InlineData("python?", "python", false)]
    [InlineData("*", "", true)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("*mon", "nodemon", true)]
    [InlineData("n*d*n", "nodemon", true)]
    [InlineData("n*d*x", "nodemon", false)]
    [InlineData("a*b", "ab", true)]
    [InlineData("[n]ode", "node", false)]
    [InlineData("[n]ode", "[n]ode", true)]
    [InlineData("no.e", "node", false)]
    public void Matches_PatternAndName_AgreesWithTheGlob(string pattern, string name, bool expected) =>
        Assert.Equal(expected, ProcessGlob.Matches(pattern, name));

    [Fact]
    public void Matches_ManyStars_StaysLinearEnough() =>
        Assert.False(ProcessGlob.Matches(string.Concat(Enumerable.Repeat("*a", 100)) + "b", new string('a', 100_000)));

    [Fact]
    public void Matches_NameCutByTheKernel_LooksAtThePathToo()
    {
        ProcessFacts process = Some.Process(name: "very-long-serve") with { Path = "/opt/x/very-long-server-name", Command = null };
        Assert.True(ProcessGlob.Matches("very-long-server-name", process));
        Assert.True(ProcessGlob.Matches("very-long-serve", process));
        Assert.False(ProcessGlob.Matches("x", process));
    }

    [Fact]
    public void Matches_Argv0_CountsByItsFileName()
    {
        ProcessFacts process = Some.Process(name: "MainThread") with { Command = ["/usr/bin/next-server", "start"] };
        Assert.True(ProcessGlob.Matches("next-server", process));
        Assert.False(ProcessGlob.Matches("start", process));
        Assert.False(ProcessGlob.Matches("anything", process with { Command = [] }));
    }
}
