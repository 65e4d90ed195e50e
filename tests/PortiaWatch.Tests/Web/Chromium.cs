using System.Diagnostics;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Web;

/// <summary>Debian's browser, and the library that drives it, installed by npm into a folder of its own.</summary>
public sealed class Chromium : IAsyncLifetime, IDisposable
{
    public const string Program = "/usr/bin/chromium";

    private const string Package = "playwright-core@1.56.1";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly TemporaryFolder _folder = new();
    private string? _failure;

    public async Task InitializeAsync()
    {
        if (!File.Exists(Program) || !Server.IsInstalled("npm") || !Server.IsInstalled("node"))
        {
            _failure = "chromium, node or npm is not installed";
            return;
        }

        var start = new ProcessStartInfo("npm", ["install", "--prefix", _folder.Path, "--no-audit", "--no-fund", "--no-save", "--ignore-scripts", "--silent", Package])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using Process npm = Process.Start(start) ?? throw new InvalidOperationException("npm did not start");
        Task<string> output = npm.StandardOutput.ReadToEndAsync();
        string errors = await npm.StandardError.ReadToEndAsync().WaitAsync(Patience);
        await npm.WaitForExitAsync();
        await output;
        if (npm.ExitCode != 0)
            _failure = $"npm could not install {Package}: {errors}";
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Web", "browser.mjs"), Path.Combine(_folder.Path, "browser.mjs"));
    }

    /// <summary>Starts the script; a machine that lacks a part skips the test.</summary>
    internal Process Drive(string address, string pictures)
    {
        Server.RequiresThat(_failure is null, _failure ?? "");
        var start = new ProcessStartInfo("node", [Path.Combine(_folder.Path, "browser.mjs"), Program, address, Path.Combine(_folder.Path, "profile"), pictures])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return Process.Start(start) ?? throw new InvalidOperationException("node did not start");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _folder.Dispose();
}
