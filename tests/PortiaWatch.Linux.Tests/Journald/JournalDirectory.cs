using System.Diagnostics;
using System.Globalization;
using System.Text;
using PortiaWatch.Linux.Tests.Support;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Linux.Tests.Journald;

/// <summary>A journal of one's own in a folder, written by systemd-journal-remote, which lets a test set the fields that otherwise journald alone sets.</summary>
internal sealed class JournalDirectory : IDisposable
{
    private const string Writer = "/lib/systemd/systemd-journal-remote";

    private readonly TemporaryFolder _folder = new();
    private readonly Process _writer;
    private readonly string _boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim().Replace("-", "", StringComparison.Ordinal);
    private readonly long _start = Stopwatch.GetTimestamp();

    private JournalDirectory()
    {
        Require.Tool("journalctl");
        Require.That(File.Exists(Writer), "systemd-journal-remote is not installed");
        Directory.CreateDirectory(Path);
        var start = new ProcessStartInfo(Writer, ["-o", _folder["journal/remote.journal"], "-"]) { RedirectStandardInput = true, RedirectStandardError = true };
        _writer = Process.Start(start) ?? throw new InvalidOperationException("systemd-journal-remote did not start");
    }

    public string Path => _folder["journal"];

    public string StateFolder => _folder["state"];

    public IReadOnlyList<string> Arguments => ["-D", Path];

    /// <summary>With one entry in it: journalctl refuses to follow a folder without any of this boot.</summary>
    public static async Task<JournalDirectory> CreateAsync()
    {
        var journal = new JournalDirectory();
        await journal.WriteAsync("the first entry");
        while (!(await journal.ReadAsync()).Contains("the first entry", StringComparison.Ordinal))
        {
        }

        return journal;
    }

    public async Task WriteAsync(byte[] message, string more = "_PID=77\n_UID=1000\n_COMM=node\n_EXE=/usr/bin/node\n_SYSTEMD_USER_UNIT=web.service\n")
    {
        var now = TimeProvider.System.GetUtcNow();
        var head = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"__REALTIME_TIMESTAMP={(now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond}\n")
            .Append(CultureInfo.InvariantCulture, $"__MONOTONIC_TIMESTAMP={Stopwatch.GetElapsedTime(_start).Ticks / TimeSpan.TicksPerMicrosecond}\n")
            .Append(CultureInfo.InvariantCulture, $"_BOOT_ID={_boot}\n").Append(more).Append("MESSAGE\n");
        byte[] entry = [.. Encoding.UTF8.GetBytes(head.ToString()), .. BitConverter.GetBytes((ulong)message.Length), .. message, .. "\n\n"u8];
        await _writer.StandardInput.BaseStream.WriteAsync(entry);
        await _writer.StandardInput.BaseStream.FlushAsync();
    }

    public Task WriteAsync(string message) => WriteAsync(Encoding.UTF8.GetBytes(message));

    private async Task<string> ReadAsync()
    {
        var start = new ProcessStartInfo("journalctl", ["-q", "-D", Path, "-o", "cat"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var reading = Process.Start(start) ?? throw new InvalidOperationException("journalctl did not start");
        return await reading.StandardOutput.ReadToEndAsync();
    }

    public void Dispose()
    {
        _writer.StandardInput.Close();
        _writer.WaitForExit();
        _writer.Dispose();
        _folder.Dispose();
    }
}
