using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Verbs;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("There is no verb \"fre\". Did you mean \"free\"?", "fre", "3000")]
    [InlineData("There is no verb \"histroy\". Did you mean \"history\"?", "histroy")]
    [InlineData("There is no verb \"xyzzy\".\n", "xyzzy", "--json")]
    [InlineData("\"99999\" is no port (1 to 65535), address or path.", "who", "99999")]
    [InlineData("Unrecognized command or argument '--wrong'.", "who", "3000", "--wrong")]
    public async Task RunAsync_Mistyped_IsNamedInTheFirstLine(string sentence, params string[] arguments)
    {
        Portia.Answer answer = await Portia.RunAsync(arguments);

        Assert.Equal((2, ""), (answer.ExitCode, answer.Output));
        Assert.StartsWith(sentence, answer.Messages, StringComparison.Ordinal);
    }
}
