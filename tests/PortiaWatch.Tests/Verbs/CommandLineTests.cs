using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Verbs;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData("There is no verb \"fre\". Did you mean \"free\"?", "fre", "3000")]
    [InlineData("There is no verb \"histroy\". Did you mean \"history\"?", "histroy")]
    [InlineData("There is no verb \"xyzzy\".\n", "xyzzy", "--json")]
    [InlineData("There is no verb \"kill\". Did you mean \"free\"?", "kill", "3000")]
    [InlineData("There is no verb \"3000\". To see who holds that port: portia who 3000\n", "3000")]
    [InlineData("\"who\" wants <TARGET>. What to look up: 3000,", "who")]
    [InlineData("\"run\" wants <CMD>. The command and its arguments", "run", "--free")]
    [InlineData("\"rules\" goes on with one of: check, explain.\n", "rules")]
    [InlineData("\"show\" wants <ID>.", "history", "show")]
    [InlineData("\"99999\" is no port (1 to 65535), address or path.", "who", "99999")]
    [InlineData("\"who\" has no option \"--wrong\".\n", "who", "3000", "--wrong")]
    [InlineData("\"who\" has no option \"--jsno\". Did you mean \"--json\"?", "who", "--jsno", "3000")]
    [InlineData("\"free\" has no option \"--forse\". Did you mean \"--force\"?", "free", "3000", "--forse", "--yes")]
    [InlineData("\"run\" has no option \"--fre\". Did you mean \"--free\"?", "run", "--fre", "--", "sh", "-c", "echo ran")]
    [InlineData("\"run\" has no option \"--retires\". Did you mean \"--retries\"?", "run", "--free", "--retires=3", "echo", "ran")]
    [InlineData("\"run\" has no option \"-p\". A command that begins with a dash goes after \"--\".", "run", "-p", "3000", "echo", "ran")]
    [InlineData("portia has no option \"--verson\". Did you mean \"--version\"?", "--verson")]
    public async Task RunAsync_Mistyped_IsNamedInTheFirstLine(string sentence, params string[] arguments)
    {
        Portia.Answer answer = await Portia.RunAsync(arguments);

        Assert.Equal((2, ""), (answer.ExitCode, answer.Output));
        Assert.StartsWith(sentence, answer.Messages, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("portia [command]", "help")]
    [InlineData("portia free <TARGET>", "help", "free")]
    [InlineData("portia rules explain", "help", "rules", "explain")]
    public async Task RunAsync_HelpAsAVerb_IsTheHelp(string usage, params string[] arguments)
    {
        Portia.Answer answer = await Portia.RunAsync(arguments);

        Assert.Equal((0, ""), (answer.ExitCode, answer.Messages.Trim()));
        Assert.Contains(usage, answer.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run", "--", "--fre")]
    [InlineData("--no-color", "run", "--", "--fre")]
    public async Task Run_CommandThatBeginsWithADash_IsTheCommand(params string[] arguments)
    {
        Portia.Answer answer = await Portia.RunAsync(arguments);

        Assert.Equal(127, answer.ExitCode);
        Assert.Contains("--fre", answer.Messages, StringComparison.Ordinal);
    }
}
