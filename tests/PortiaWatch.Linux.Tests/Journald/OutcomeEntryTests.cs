using System.Buffers;
using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;
using PortiaWatch.Linux.Journald;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Linux.Tests.Journald;

public sealed class OutcomeEntryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ToBytes_HostileNames_StayInTheirFields()
    {
        List<(string Name, string Value)> fields = Parse(OutcomeEntry.ToBytes(Outcome("node\nPORTIA_OUTCOME=freed\nMESSAGE=\x1b[2J")));

        Assert.Equal("node\nPORTIA_OUTCOME=freed\nMESSAGE=\x1b[2J", ValueOf("PORTIA_HOLDER"));
        Assert.Equal("stillHeld", ValueOf("PORTIA_OUTCOME"));
        Assert.Equal("4", ValueOf("PRIORITY"));
        Assert.Equal("3000", ValueOf("PORTIA_PORT"));
        Assert.Equal(OutcomeEntry.MessageId, ValueOf("MESSAGE_ID"));
        Assert.DoesNotContain(ValueOf("MESSAGE"), char.IsControl);

        string ValueOf(string name) => Assert.Single(fields, field => field.Name == name).Value;
    }

    [Fact]
    public void Append_AnyText_ComesBackAsItWas()
    {
        var random = new Random(3000);
        const string Letters = "ab=\n\r\0\u0007\u001b\"é\u2028";
        for (int round = 0; round < 5000; round++)
        {
            string value = new([.. Enumerable.Range(0, random.Next(1, 20)).Select(_ => Letters[random.Next(Letters.Length)])]);
            var entry = new ArrayBufferWriter<byte>();
            OutcomeEntry.Append(entry, "A", value);
            OutcomeEntry.Append(entry, "B", "end");
            Assert.Equal([("A", value), ("B", "end")], Parse(entry.WrittenSpan.ToArray()));
        }
    }

    [Fact]
    public void Append_EndlessName_IsCut()
    {
        var entry = new ArrayBufferWriter<byte>();
        OutcomeEntry.Append(entry, "A", new string('x', 1_000_000));
        Assert.InRange(entry.WrittenCount, 1, 2000);
    }

    [Fact]
    public void Write_JournalThatDoesNotRead_IsToldWithoutWaiting()
    {
        string path = _folder["socket"];
        using var journald = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        journald.Bind(new UnixDomainSocketEndPoint(path));
        using JournalWriter journal = JournalWriter.TryOpen(path)!;

        int taken = 0;
        while (taken < 100_000 && journal.Write(Outcome("node")))
            taken++;
        Assert.InRange(taken, 1, 99_999);

        byte[] first = new byte[65536];
        Assert.Equal(OutcomeEntry.ToBytes(Outcome("node")), first[..journald.Receive(first)]);
        journald.Dispose();
        Assert.False(journal.Write(Outcome("node")));
    }

    [Fact]
    public void TryOpen_NoJournald_IsNull() => Assert.Null(JournalWriter.TryOpen(_folder["none"]));

    private static Outcome Outcome(string holder)
    {
        Collision collision = Some.Collision();
        var incident = new Incident
        {
            Collision = collision,
            Id = collision.Id,
            Endpoint = collision.Endpoint,
            Contender = Some.Sender(),
            State = PortState.Held,
            Holders = [new Holder { Endpoint = collision.Endpoint, Use = SocketUse.Listening, Process = Some.Process(name: holder) }],
            Doubts = [],
            IsHolderConfirmed = true,
        };
        var verdict = new Verdict { Incident = incident, Action = RuleAction.Kill, Rule = Rule.Last, Reason = "because" };
        return new Outcome { Verdict = verdict, Kind = OutcomeKind.StillHeld, Sentence = "It did not end.", At = Some.Noon };
    }

    // systemd, docs/JOURNAL_NATIVE_PROTOCOL.md
    private static List<(string Name, string Value)> Parse(byte[] entry)
    {
        var fields = new List<(string, string)>();
        for (int at = 0; at < entry.Length;)
        {
            int end = at + entry.AsSpan(at).IndexOfAny((byte)'=', (byte)'\n');
            string name = Encoding.ASCII.GetString(entry.AsSpan(at, end - at));
            bool isCounted = entry[end] == '\n';
            int start = isCounted ? end + 1 + sizeof(long) : end + 1;
            int length = isCounted ? (int)BinaryPrimitives.ReadInt64LittleEndian(entry.AsSpan(end + 1)) : entry.AsSpan(start).IndexOf((byte)'\n');
            fields.Add((name, Encoding.UTF8.GetString(entry.AsSpan(start, length))));
            Assert.Equal((byte)'\n', entry[start + length]);
            at = start + length + 1;
        }

        return fields;
    }
}
