using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Running;

/// <summary>A real vite, installed from npm for the test.</summary>
public sealed class RunViteTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task Vite_StrictPortThatIsTaken_IsFreedAndThatOfOneThatMovesOnIsNot()
    {
        Server.Requires("node", "npm");
        _folder.Write("package.json", "{\"private\":true}");
        _folder.Write("index.html", "<h1>here</h1>");
        await using (Server npm = Server.Start(_folder.Path, "/usr/bin/env", "npm", "install", "--no-audit", "--no-fund", "vite@5.4.11"))
            Server.RequiresThat(await npm.WaitForExitAsync() == 0, "vite could not be installed from npm");
        int port = Server.FreePort();
        _folder.Write("old.js", $"require('http').createServer((q, r) => r.end()).listen({port}, '127.0.0.1', () => console.log('listening'))");
        await using Server stale = await Server.Start(_folder.Path, "/usr/bin/env", "node", "old.js").PrintsAsync("listening");
        string[] vite = ["portia", "run", "--free", "--", "npx", "vite", "--clearScreen", "false", "--host", "127.0.0.1", "--port", $"{port}"];

        await using (Typist movesOn = Typist.Start(_folder.Path, vite))
        {
            await movesOn.SeesAsync("trying another one");
            await movesOn.SeesAsync("ready in");
            Assert.False(stale.HasExited);
        }

        await using Typist insists = Typist.Start(_folder.Path, [.. vite, "--strictPort"]);
        await insists.SeesAsync($"portia: freed {port}");
        await insists.SeesAsync($"http://127.0.0.1:{port}/");
        Assert.Equal(143, await stale.WaitForExitAsync());
    }
}
