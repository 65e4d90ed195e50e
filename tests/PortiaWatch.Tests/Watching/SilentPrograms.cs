using System.Diagnostics;
using System.Text.Json;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Watching;

/// <summary>A watcher that listens to the kernel, and programs that are refused without a word. Shared by the tests of one class, which run one after the other.</summary>
public sealed class SilentPrograms : IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HashSet<int> _ports = [];
    private Portia? _watcher;

    /// <summary>The compiled C program; its modes are in its source.</summary>
    public string Refused => Path.Combine(_folder.Path, "refused");

    public string Folder => _folder.Path;

    public static void Require(params string[] tools)
    {
        Server.Requires(["cc", .. tools]);
        Server.RequiresThat(Environment.UserName == "root", "the kernel's events need root");
    }

    /// <summary>Compiles and starts on first use, so that a machine without the parts skips in the test that says why.</summary>
    public async Task StartAsync()
    {
        if (_watcher is not null)
            return;
        string source = Path.Combine(AppContext.BaseDirectory, "Watching", "refused.c");
        await using (Server compiler = Server.Start(_folder.Path, "/usr/bin/cc", "-O1", "-pthread", "-o", Refused, source))
            Assert.True(await compiler.WaitForExitAsync() == 0, compiler.Output);
        _watcher = Portia.Start("watch", "--source", "kernel", "--json", "--config", _folder.Write("portia.json", """{ "rules": [] }"""));
        await _watcher.WaitForMessageAsync("kernel is running");
    }

    /// <summary>A port that no other test had: the same program refused there once more within the window would be the same story.</summary>
    internal TakenPort Take(string address = "127.0.0.1")
    {
        while (true)
        {
            var taken = new TakenPort(address);
            if (_ports.Add(taken.Port))
                return taken;
            taken.Dispose();
        }
    }

    /// <summary>Runs it to its end; it ends with 0 when it was refused as it should be.</summary>
    public static async Task<int> RunAsync(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await output}{errors}");
        return process.Id;
    }

    /// <summary>
    /// Every incident about what is asked for that was printed before those of two last refusals, which are made now. Incidents that are decided together are carried out side by
    /// side and printed in any order, so the second refusal is made when the first is printed: after it nothing about an earlier one can come.
    /// </summary>
    public async Task<IReadOnlyList<JsonElement>> IncidentsAsync(Func<JsonElement, bool> wanted)
    {
        var found = new List<JsonElement>();
        await ReadToLastAsync(wanted, found);
        await ReadToLastAsync(wanted, found);
        return found;
    }

    private async Task ReadToLastAsync(Func<JsonElement, bool> wanted, List<JsonElement> found)
    {
        using TakenPort last = Take();
        int lastPid = await RunAsync(Refused, "tcp", "127.0.0.1", $"{last.Port}");
        while (await _watcher!.ReadLineAsync() is { } line)
        {
            JsonElement incident = JsonDocument.Parse(line).RootElement;
            if (incident.GetProperty("contender").GetProperty("pid").GetInt32() == lastPid)
                return;
            if (wanted(incident))
                found.Add(incident);
        }

        throw new InvalidOperationException($"the watcher ended: {_watcher.Messages}");
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_watcher is not null)
            await _watcher.DisposeAsync();
    }

    public void Dispose() => _folder.Dispose();
}
