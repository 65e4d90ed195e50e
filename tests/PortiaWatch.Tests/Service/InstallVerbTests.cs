using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Service;

/// <summary>Where no user manager answers, as in a container.</summary>
public sealed class InstallVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Unit => Path.Combine(_folder.Path, "systemd/user/portia.service");

    [SkippableFact]
    public async Task Install_Print_WritesNothing()
    {
        Portia.Answer answer = await RunAsync("install", "--print");

        Assert.Equal(0, answer.ExitCode);
        Assert.StartsWith("# Written by \"portia install\"", answer.Output, StringComparison.Ordinal);
        Assert.Contains("Type=notify\n", answer.Output, StringComparison.Ordinal);
        Assert.Contains(Unit, answer.Messages, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.GetDirectoryName(Unit)));
    }

    [SkippableFact]
    public async Task Install_NoManagerAnswers_WritesTheUnitNamesTheNextCommandAndSaysNo()
    {
        Portia.Answer answer = await RunAsync("install");
        string printed = (await RunAsync("install", "--print")).Output;

        Assert.Equal(1, answer.ExitCode);
        Assert.Equal(printed, await File.ReadAllTextAsync(Unit));
        if (Server.IsInstalled("systemctl"))
            Assert.Contains("systemctl --user enable --now portia.service", answer.Output, StringComparison.Ordinal);

        answer = await RunAsync("uninstall", "--json");
        Assert.Equal((0, false), (answer.ExitCode, File.Exists(Unit)));
        Assert.False(answer.Json.GetProperty("installed").GetBoolean());
    }

    [SkippableFact]
    public async Task Install_Configuration_IsHandedOverAsAnAbsolutePath()
    {
        Portia.Answer answer = await RunAsync("install", "--print", "--json", "--config", "my rules.json");

        Assert.Contains($"--config \"{Environment.CurrentDirectory}/my rules.json\"", answer.Json.GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Install_WithSudo_IsRefused()
    {
        Portia.Answer answer = await RunAsync(["install"], ("SUDO_UID", "1000"));

        Assert.Equal(2, answer.ExitCode);
        Assert.Contains("without sudo", answer.Messages, StringComparison.Ordinal);
        Assert.False(File.Exists(Unit));
    }

    private Task<Portia.Answer> RunAsync(params string[] arguments) => RunAsync(arguments, ("SUDO_UID", null));

    private Task<Portia.Answer> RunAsync(string[] arguments, (string, string?) variable)
    {
        Server.RequiresThat(OperatingSystem.IsLinux(), "systemd is on Linux only");
        return Portia.RunAsync(arguments, ("XDG_CONFIG_HOME", _folder.Path), variable);
    }
}
