using Microsoft.Data.Sqlite;
using NSubstitute;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.History;
using PortiaWatch.Pipeline.Rules;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.History;

/// <summary>A history of the test's own, with writers that are alive or dead as the test says.</summary>
internal sealed class HistoryFolder : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly HashSet<int> _dead = [];

    public ManualTimeProvider Time { get; } = new();

    public CollectingLog Log { get; } = new();

    public TimeSpan Keep { get; set; } = TimeSpan.FromDays(90);

    public string Folder => _folder.Path;

    public string File => _folder["portia/history.db"];

    public IReadOnlyList<string> Warnings => [.. Log.Lines.Where(line => line.StartsWith("Warning", StringComparison.Ordinal))];

    /// <summary>The history as the process <paramref name="pid"/> writes it.</summary>
    public IncidentHistory As(int pid, string? file = null) => new(file ?? File, () => Keep, Processes(pid), Time, Log.Logger);

    public void Die(int pid) => _dead.Add(pid);

    public IReadOnlyList<HistoryEntry> Read(HistoryQuery? query = null)
    {
        using HistoryReader? reader = HistoryReader.Open(File, Processes(1));
        return [.. reader?.Find(query ?? new HistoryQuery()) ?? []];
    }

    public T Ask<T>(Func<HistoryReader, T> question)
    {
        using HistoryReader reader = HistoryReader.Open(File, Processes(1))!;
        return question(reader);
    }

    public object? Scalar(string sql)
    {
        using SqliteConnection connection = Connect();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    public SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={File};Pooling=False;Default Timeout=1");
        connection.Open();
        return connection;
    }

    public void Dispose() => _folder.Dispose();

    public static Verdict Verdict(string id = "c1", int port = 3000, RuleAction action = RuleAction.Kill, DateTimeOffset? at = null, string holder = "node", string? folder = "/home/dev/shop") =>
        RuleEngine.Decide(
            new Incident
            {
                Id = id,
                Collision = Some.Collision(Some.Sighting(Some.Record(sender: Some.Sender(), at: at), Some.Tcp(port))) with { Id = id },
                Endpoint = Some.Tcp(port),
                Contender = Some.Sender(9001, "vite"),
                State = PortState.Held,
                Holders = [new Holder { Endpoint = Some.Tcp(port), Use = SocketUse.Listening, Process = Some.Process(4121, holder, folder: folder), User = "dev" }],
                Doubts = [],
                IsHolderConfirmed = true,
            },
            new Settings { Rules = [new Rule { Name = "mine", Action = action }, Rule.Last] },
            Some.Noon);

    public static Outcome Outcome(Verdict verdict, OutcomeKind kind = OutcomeKind.Freed, TimeSpan? after = null) => new()
    {
        Verdict = verdict,
        Kind = kind,
        Sentence = "node (pid 4121) ended and port 3000 is free.",
        At = verdict.Incident.Collision.First + (after ?? TimeSpan.FromSeconds(2)),
        Took = TimeSpan.FromMilliseconds(12),
    };

    private IProcessTable Processes(int pid)
    {
        IProcessTable processes = Substitute.For<IProcessTable>();
        processes.Self.Returns(new ProcessIdentity(pid, ulong.MaxValue - (ulong)pid, 7));
        processes.Identify(default).ReturnsForAnyArgs(call =>
            _dead.Contains(call.Arg<int>()) ? new ProcessIdentity(call.Arg<int>(), 5, 7) : new ProcessIdentity(call.Arg<int>(), ulong.MaxValue - (ulong)call.Arg<int>(), 8));
        return processes;
    }
}
