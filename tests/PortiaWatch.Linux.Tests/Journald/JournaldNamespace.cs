using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using PortiaWatch.Linux.Tests.Support;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Linux.Tests.Journald;

/// <summary>A real journald with a journal namespace of its own, beside whatever journald the machine has.</summary>
internal sealed class JournaldNamespace : IDisposable
{
    private const string Journald = "/lib/systemd/systemd-journald";
    private const int SignalTerminate = 15;
    private const int SignalRotate = 12;

    private readonly TemporaryFolder _folder = new();
    private readonly string _name = $"portia-test-{Environment.ProcessId}";
    private Process? _process;

    public string StateFolder => _folder["state"];

    public IReadOnlyList<string> Arguments => [$"--namespace={_name}"];

    /// <summary>Where services' standard output goes.</summary>
    public string StandardOutputSocket => $"/run/systemd/journal.{_name}/stdout";

    public async Task StartAsync()
    {
        Require.Root();
        Require.Tool("journalctl");
        Require.That(File.Exists(Journald), "systemd-journald is not installed");
        Directory.CreateDirectory("/run/systemd");

        // journald says when it is ready, as to systemd.
        using var ready = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        File.Delete(_folder["ready"]);
        ready.Bind(new UnixDomainSocketEndPoint(_folder["ready"]));
        var start = new ProcessStartInfo(Journald, [_name]) { RedirectStandardError = true };
        start.Environment["NOTIFY_SOCKET"] = _folder["ready"];
        _process = Process.Start(start) ?? throw new InvalidOperationException("systemd-journald did not start");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var said = new byte[4096];
        while (!Encoding.UTF8.GetString(said, 0, await ready.ReceiveAsync(said, limit.Token)).Contains("READY=1", StringComparison.Ordinal))
        {
        }
    }

    public void Rotate() => Signal(SignalRotate);

    public void Stop()
    {
        if (_process is null)
            return;
        Signal(SignalTerminate);
        _process.WaitForExit();
        _process.Dispose();
        _process = null;
    }

    public void Dispose()
    {
        Stop();
        foreach (var folder in new[] { "/run/log/journal", "/var/log/journal" }.Where(Directory.Exists).SelectMany(parent => Directory.GetDirectories(parent, $"*.{_name}")))
            Directory.Delete(folder, recursive: true);
        if (Directory.Exists($"/run/systemd/journal.{_name}"))
            Directory.Delete($"/run/systemd/journal.{_name}", recursive: true);
        _folder.Dispose();
    }

    private void Signal(int signal) => Assert.Equal(0, Raw.kill(_process!.Id, signal));
}
