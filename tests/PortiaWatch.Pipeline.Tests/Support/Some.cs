using System.Text;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Tests.Support;

/// <summary>Builders with harmless defaults: a test names only what it is about.</summary>
internal static class Some
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public const uint Uid = 1000;

    public static LogRecord Record(string text = "", Trust trust = Trust.System, string source = "journal", Sender? sender = null, DateTimeOffset? at = null) => new()
    {
        Text = Encoding.UTF8.GetBytes(text),
        Source = source,
        Trust = trust,
        Sender = sender,
        Time = at ?? Noon,
        ReadAt = at ?? Noon,
    };

    public static Sender Sender(int pid = 4121, string? name = "node", uint? uid = Uid) => new(pid) { Name = name, Uid = uid };

    public static Endpoint Tcp(int? port = 3000, string? address = null) => new() { Transport = Transport.Tcp, Port = port, Address = address };

    public static Sighting Sighting(LogRecord? record = null, Endpoint? endpoint = null, SightingKind kind = SightingKind.Collision, bool causeStated = true) => new()
    {
        Record = record ?? Record(sender: Sender()),
        Kind = kind,
        Endpoint = endpoint ?? Tcp(),
        Pattern = "errno-name",
        Text = "Error: listen EADDRINUSE: address already in use :::3000",
        CauseStated = causeStated,
    };

    public static Collision Collision(Sighting? sighting = null)
    {
        Sighting evidence = sighting ?? Sighting();
        return new()
        {
            Id = "c1",
            Evidence = evidence,
            First = evidence.Record.Time,
            Last = evidence.Record.Time,
            Count = 1,
            Sources = [evidence.Record.Source],
        };
    }

    public static ProcessFacts Process(int pid = 77, string name = "node", uint? uid = Uid, DateTimeOffset? startedAt = null, string? folder = "/home/dev/shop") => new()
    {
        Identity = new ProcessIdentity(pid, (ulong)pid * 1000, 1),
        Name = name,
        Uid = uid,
        User = uid == Uid ? "dev" : $"{uid}",
        StartedAt = startedAt ?? Noon.AddHours(-3),
        WorkingDirectory = folder,
        Project = folder,
        Command = [name, "server.js"],
    };
}
