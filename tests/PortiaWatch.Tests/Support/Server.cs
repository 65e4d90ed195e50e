using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace PortiaWatch.Tests.Support;

/// <summary>A real program that a test starts and ends itself, by its pid.</summary>
internal sealed class Server : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private Server(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Keep(line.Data);
        process.ErrorDataReceived += (_, line) => Keep(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Pid => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Standard output and error, as they came.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    public static bool IsInstalled(string program) =>
        ((string[])["/usr/local/bin", "/usr/bin", "/usr/sbin", "/bin", "/sbin"]).Any(folder => File.Exists(Path.Combine(folder, program)));

    /// <summary>A missing program skips the test with the reason; where CI promises all parts it fails it.</summary>
    public static void Requires(params string[] programs)
    {
        string[] missing = [.. programs.Where(program => !IsInstalled(program))];
        RequiresThat(missing.Length == 0, $"{string.Join(", ", missing)} not installed");
    }

    /// <summary>The same for any other condition.</summary>
    public static void RequiresThat(bool holds, string otherwise)
    {
        bool isPromised = Environment.GetEnvironmentVariable("CI") == "true" || Environment.GetEnvironmentVariable("PORTIA_REQUIRE_ALL") == "1";
        Assert.False(isPromised && !holds, otherwise);
        Skip.IfNot(holds, otherwise);
    }

    public static Server Start(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        return new Server(Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start"));
    }

    /// <summary>Waits until something accepts connections on the loopback port.</summary>
    public async Task<Server> ListensOnAsync(int port)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            if (_process.HasExited)
                throw new InvalidOperationException($"the server ended with {_process.ExitCode}: {Output}");
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, port, patience.Token);
                return this;
            }
            catch (SocketException)
            {
                await Task.Delay(30, patience.Token);
            }
        }
    }

    /// <summary>Waits for a line of its own, without a connection that would leave the port in TIME_WAIT.</summary>
    public async Task<Server> PrintsAsync(string words)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!Output.Contains(words, StringComparison.Ordinal))
            await Task.Delay(20, patience.Token);
        return this;
    }

    public async Task<int> WaitForExitAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Signals.Send(_process.Id, Signals.Kill);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Keep(string? line)
    {
        lock (_output)
            _output.AppendLine(line);
    }
}
