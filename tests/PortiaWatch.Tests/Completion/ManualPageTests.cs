using System.Diagnostics;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Completion;

public sealed class ManualPageTests
{
    private static readonly string Packaged = Path.Combine(AppContext.BaseDirectory, "packaging/portia.1");

    [Fact]
    public async Task Page_Packaged_IsWhatTheVerbsSayNow()
    {
        string page = (await Portia.RunAsync("completion", "man")).Output;

        Assert.True(page == await File.ReadAllTextAsync(Packaged), "A verb has changed. Run: portia completion man > packaging/portia.1");
    }

    [SkippableTheory]
    [InlineData("mandoc", "-Tlint", "-Wwarning")]
    [InlineData("man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z")]
    public async Task Page_Linted_IsClean(string program, params string[] arguments)
    {
        Server.Requires(program);
        (int code, string said) = await RunAsync(program, [.. arguments, Packaged]);

        Assert.True(code == 0 && said.Length == 0, said);
    }

    [SkippableFact]
    public async Task Lint_BrokenPage_IsRefused()
    {
        Server.Requires("mandoc");
        using var folder = new TemporaryFolder();

        Assert.NotEqual(0, (await RunAsync("mandoc", ["-Tlint", "-Wwarning", folder.Write("broken.1", (await File.ReadAllTextAsync(Packaged)).Replace(".SH VERBS", ".SHH VERBS", StringComparison.Ordinal))])).Code);
    }

    private static async Task<(int Code, string Said)> RunAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        using Process process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        // mandoc finds fault on standard output, where man puts the page.
        return (process.ExitCode, errors + (program == "mandoc" ? await output : ""));
    }
}
