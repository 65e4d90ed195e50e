using System.Runtime.CompilerServices;
using System.Text;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Sources;

namespace PortiaWatch.Daemon;

/// <summary>What the demo's second server complains. It is our own child, so its pid is vouched for.</summary>
internal sealed class DemoSource(DemoServer server, IProcessTable processes, TimeProvider time) : ILogSource
{
    // Taken while it is still there: it ends as soon as it has complained.
    private readonly ProcessFacts? _facts = processes.Describe(server.Pid);

    public string Name => "run";

    public bool CanWait => true;

    public bool EndsForGood => true;

    public async IAsyncEnumerable<LogRecord> ReadAsync(SourceReport report, [EnumeratorCancellation] CancellationToken cancellation)
    {
        report.Set(SourceState.Running);
        while (await server.Complaints.ReadLineAsync(cancellation) is { } line)
        {
            yield return new LogRecord
            {
                Text = Encoding.UTF8.GetBytes(line + "\n"),
                Source = Name,
                Trust = Trust.Child,
                Time = time.GetUtcNow(),
                ReadAt = time.GetUtcNow(),
                Sender = new Sender(server.Pid) { Uid = processes.CurrentUser, Name = _facts?.Name, Facts = _facts },
            };
        }
    }
}
