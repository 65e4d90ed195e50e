using System.Runtime.InteropServices;
using System.Text;
using PortiaWatch.Interop;
using PortiaWatch.Running;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Running;

/// <summary>A person at a real pseudo-terminal: a program runs on it as it would in a window, keys go in, what the screen shows comes out.</summary>
internal sealed class Typist : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly PseudoTerminal _terminal;
    private readonly StringBuilder _shown = new();
    private readonly Thread _reader;
    private readonly TaskCompletionSource<int> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _seen;
    private volatile bool _isOver;

    private Typist(int pid, PseudoTerminal terminal)
    {
        Pid = pid;
        _terminal = terminal;
        _reader = new Thread(Read) { IsBackground = true };
        _reader.Start();
        new Thread(AwaitExit) { IsBackground = true }.Start();
    }

    public int Pid { get; }

    public Task<int> Exit => _exit.Task.WaitAsync(Patience);

    /// <summary>Everything that was shown, with line ends as files have them.</summary>
    public string Shown
    {
        get
        {
            lock (_shown)
                return _shown.ToString().Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal);
        }
    }

    /// <summary>Bytes that were shown.</summary>
    public long Count { get; private set; }

    public static Typist Start(string folder, params string[] command) => Start(folder, new Libc.WindowSize(24, 160, 0, 0), command);

    public static Typist Start(string folder, Libc.WindowSize size, params string[] command)
    {
        // What a developer's shell would have: no configuration, no colours, portia in the PATH.
        string[] clean = ["env", "-C", folder, "XDG_CONFIG_HOME=/nonexistent", "XDG_RUNTIME_DIR=/nonexistent", $"XDG_DATA_HOME={folder}/data", $"XDG_STATE_HOME={folder}/state", "NO_COLOR=1", "TERM=xterm", $"PATH={Path.GetDirectoryName(Portia.Program)}:{Environment.GetEnvironmentVariable("PATH")}"];
        var streams = ChildStreams.Open(PseudoTerminal.Open(modes: null, size), hasOwnErrors: false);
        return new Typist(Spawning.Start([.. clean, .. command], port: null, streams), streams.Terminal!);
    }

    /// <summary>A shell with job control, at its prompt.</summary>
    public static async Task<Typist> ShellAsync(string folder)
    {
        Typist typist = Start(folder, "bash", "--norc", "--noprofile", "-i");
        typist.Type("PS1='rea''dy> '; bind 'set enable-bracketed-paste off'\r");
        await typist.SeesAsync("ready> ");
        return typist;
    }

    public unsafe void Type(string keys)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(keys);
        Output.Write(_terminal.Master.Number, bytes);
    }

    public void Resize(ushort rows, ushort columns) => _terminal.Resize(new Libc.WindowSize(rows, columns, 0, 0));

    /// <summary>Waits until the screen shows <paramref name="words"/> after what was waited for before.</summary>
    public async Task SeesAsync(string words)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            string shown = Shown;
            int at = shown.IndexOf(words, Math.Min(_seen, shown.Length), StringComparison.Ordinal);
            if (at >= 0)
            {
                _seen = at + words.Length;
                return;
            }

            Assert.False(patience.IsCancellationRequested, $"\"{words}\" was never shown. The screen: {shown}");
            await Task.Delay(15);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The whole session ends with its terminal.
        if (!_exit.Task.IsCompleted)
            Signals.Send(Pid, Signals.Kill);
        await _exit.Task;
        _isOver = true;
        _reader.Join();
        _terminal.Dispose();
    }

    private unsafe void Read()
    {
        byte[] buffer = new byte[64 * 1024];
        while (true)
        {
            var input = new Libc.PollDescriptor { fd = _terminal.Master.Number, events = Libc.POLLIN };
            var none = new Libc.PollDescriptor { fd = -1 };
            Libc.Await(ref input, ref none, 50);
            nint count;
            fixed (byte* at = buffer)
                count = Libc.read(_terminal.Master.Number, at, buffer.Length);
            if (count > 0)
            {
                lock (_shown)
                {
                    Count += count;

                    // Of a flood the end is enough.
                    if (_shown.Length > 1 << 20)
                        (_seen, _) = (0, _shown.Clear());
                    _shown.Append(Encoding.UTF8.GetString(buffer, 0, (int)count));
                }
            }
            else if (_isOver || (count < 0 && Marshal.GetLastPInvokeError() == Libc.EIO))
            {
                return;
            }
        }
    }

    private unsafe void AwaitExit()
    {
        int status = 0;
        while (Libc.waitpid(Pid, &status, 0) < 0 && Marshal.GetLastPInvokeError() == Libc.EINTR)
        {
        }

        _exit.SetResult(ExitStatus.CodeOf(status));
    }
}
