using System.Diagnostics;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Supervisors;

/// <summary>pm2 and nodemon in their own folder, installed by npm once for all tests that use them.</summary>
public sealed class NodeTools : IAsyncLifetime, IDisposable
{
    private static readonly string[] Packages = ["pm2@6.0.13", "nodemon@3.1.11"];
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly TemporaryFolder _folder = new();
    private string? _failure;

    public async Task InitializeAsync()
    {
        if (!Server.IsInstalled("npm"))
        {
            _failure = "npm is not installed";
            return;
        }

        var start = new ProcessStartInfo("npm", ["install", "--prefix", _folder.Path, "--no-audit", "--no-fund", "--no-save", "--ignore-scripts", "--silent", .. Packages])
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
            _failure = $"npm could not install {string.Join(' ', Packages)}: {errors}";
    }

    /// <summary>The program's path; a machine that cannot install it skips the test.</summary>
    public string Find(string name)
    {
        Server.RequiresThat(_failure is null, _failure ?? "");
        return Path.Combine(_folder.Path, "node_modules/.bin", name);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _folder.Dispose();
}
