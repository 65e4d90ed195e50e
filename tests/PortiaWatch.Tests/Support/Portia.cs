using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace PortiaWatch.Tests.Support;

/// <summary>Runs the built program, as a user would: arguments in, exit code and both streams out.</summary>
internal sealed class Portia : IAsyncDisposable
{
    // A folder that nobody can make, not even root.
    private const string Nowhere = "/dev/null/none";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TemporaryFolder Scratch = new();
    private static readonly AsyncLocal<string?> Own = new();

    private readonly Process _process;
    private readonly StringBuilder _messages = new();
    private bool _isDisposed;

    private Portia(Process process)
    {
        _process = process;
        _process.ErrorDataReceived += (_, line) =>
        {
            lock (_messages)
                _messages.AppendLine(line.Data);
        };
        _process.BeginErrorReadLine();
    }

    /// <summary>The program file beside the tests' own build.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "portia");

    /// <summary>Where this test's programs keep their history; null means in a folder that all other tests share.</summary>
    public static string? DataHome
    {
        get => Own.Value;
        set => Own.Value = value;
    }

    public int Pid => _process.Id;

    public StreamWriter Input => _process.StandardInput;

    public string Messages
    {
        get
        {
            lock (_messages)
                return _messages.ToString();
        }
    }

    public static Task<Answer> RunAsync(params string[] arguments) => PipeAsync("", arguments);

    /// <summary>Runs to the end in an environment that differs from the usual one in this.</summary>
    public static Task<Answer> RunAsync(string[] arguments, params (string Name, string? Value)[] environment) => EndAsync("", Start(arguments, environment));

    /// <summary>As <see cref="RunAsync(string[])"/>, in a session of the test's own.</summary>
    public static Task<Answer> RunInAsync(string session, params string[] arguments) => EndAsync("", StartIn(session, arguments));

    /// <summary>Runs to the end with <paramref name="input"/> on standard input.</summary>
    public static Task<Answer> PipeAsync(string input, params string[] arguments) => EndAsync(input, Start(arguments));

    private static async Task<Answer> EndAsync(string input, Portia started)
    {
        await using Portia portia = started;
        await portia.Input.WriteAsync(input);
        portia.Input.Close();
        using var patience = new CancellationTokenSource(Patience);
        string output = await portia._process.StandardOutput.ReadToEndAsync(patience.Token);
        await portia._process.WaitForExitAsync(patience.Token);
        return new Answer(portia._process.ExitCode, output, portia.Messages);
    }

    public static Portia Start(params string[] arguments) => Start(arguments, []);

    /// <param name="session">The folder in which the session keeps its sockets; a watcher has one of its own there.</param>
    /// <param name="arguments">Verb and options.</param>
    public static Portia StartIn(string session, params string[] arguments) => Start(arguments, [("XDG_RUNTIME_DIR", session)]);

    /// <summary>The same in an environment that differs from the usual one in this; a null value is a variable that is not set.</summary>
    public static Portia Start(string[] arguments, (string Name, string? Value)[] environment) => StartAs(Program, arguments, environment);

    /// <summary>The same for a program of the tests that is put together of Portia's parts.</summary>
    public static Portia StartAs(string program, string[] arguments, (string Name, string? Value)[] environment)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);

        // The developer's own configuration, desktop and history have no say in a test.
        start.Environment["XDG_DATA_HOME"] = DataHome ?? Scratch.Path;
        if (DataHome is { } own)
            start.Environment["XDG_STATE_HOME"] = own;
        start.Environment["XDG_CONFIG_HOME"] = Nowhere;
        start.Environment.Remove("DBUS_SESSION_BUS_ADDRESS");
        start.Environment["XDG_RUNTIME_DIR"] = Nowhere;
        foreach ((string name, string? value) in environment)
            start.Environment[name] = value;
        return new Portia(Process.Start(start) ?? throw new InvalidOperationException("portia did not start"));
    }

    /// <summary>The next line of standard output; null at its end.</summary>
    public async Task<string?> ReadLineAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        return await _process.StandardOutput.ReadLineAsync(patience.Token);
    }

    /// <summary>Waits until standard error has <paramref name="words"/>.</summary>
    public async Task WaitForMessageAsync(string words)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!Messages.Contains(words, StringComparison.Ordinal))
            await Task.Delay(20, patience.Token);
    }

    public async Task<int> WaitForExitAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        if (!_process.HasExited)
        {
            Signals.Send(_process.Id, Signals.Kill);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    /// <summary>What a finished run said.</summary>
    internal sealed record Answer(int ExitCode, string Output, string Messages)
    {
        public JsonElement Json => JsonDocument.Parse(Output).RootElement;

        public IReadOnlyList<JsonElement> JsonLines => [.. Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }
}
