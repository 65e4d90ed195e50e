using System.Globalization;
using System.Text.Json;
using PortiaWatch.Darwin.Sockets;
using PortiaWatch.Darwin.Tests.Support;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Darwin.Tests.Sockets;

public sealed class PcblistReaderTests
{
    public static TheoryData<string> Streams() =>
        [.. Directory.GetFiles(Fixture.PathOf("pcblist"), "*.bin").Select(path => Path.GetFileNameWithoutExtension(path)!)];

    [Theory]
    [MemberData(nameof(Streams))]
    public void Read_CapturedStream_GivesItsRows(string name)
    {
        byte[] stream = File.ReadAllBytes(Fixture.PathOf("pcblist", name + ".bin"));
        JsonElement expect = Fixture.Json("pcblist", name + ".json").GetProperty("expect");
        PcblistReader reader = new(stream, name.StartsWith("udp", StringComparison.Ordinal) ? Transport.Udp : Transport.Tcp);
        List<Pcb> rows = [];
        while (reader.Read())
            rows.Add(reader.Current());

        string? error = reader.Error switch { PcblistError.ShortHeader => "short-header", PcblistError.BadHeaderLength => "bad-header-length", _ => null };
        Assert.Equal(expect.GetProperty("error").GetString(), error);
        Assert.Equal(expect.GetProperty("complete").GetBoolean(), reader.IsComplete);
        Assert.Equal(expect.GetProperty("changed").GetBoolean(), reader.HasChanged);
        Assert.Equal(expect.GetProperty("truncated").GetBoolean(), reader.IsTruncated);
        Assert.Equal(expect.GetProperty("bad_record").GetBoolean(), reader.HasBadRecord);
        Assert.Equal(expect.GetProperty("ignored_records").GetInt32(), reader.IgnoredRecords);
        Assert.Equal(expect.GetProperty("skipped_rows").GetInt32(), reader.SkippedRows);
        Assert.Equal(expect.GetProperty("trailer").ValueKind == JsonValueKind.Null, reader.Trailer is null);
        JsonElement[] expected = [.. expect.GetProperty("rows").EnumerateArray()];
        Assert.Equal(expected.Length, rows.Count);
        for (int i = 0; i < expected.Length; i++)
            AssertRow(expected[i], rows[i]);
    }

    [Fact]
    public void Fixtures_AreAllThere() => Assert.Equal(28, Directory.GetFiles(Fixture.PathOf("pcblist"), "*.bin").Length);

    [Theory]
    [InlineData(76)]
    [InlineData(104)]
    [InlineData(120)]
    public void Read_OldAndNewSocketLength_GivesTheSameRow(int socketLength)
    {
        byte[] stream = new PcblistBuilder { SocketLength = socketLength }.Add(new PcblistRow { Port = 3000, LastPid = 77, EffectivePid = 88, Uid = 501, Socket = 9 }).Build();

        Pcb row = Assert.Single(ReadAll(stream, out PcblistSummary summary));
        Assert.True(summary.IsComplete);
        Assert.Equal((3000, 77, 88, 501u, 9ul, true), (row.LocalPort, row.LastPid, row.EffectivePid, row.Uid, row.Socket, row.IsListening));
    }

    [Fact]
    public void Read_BlockWithoutSocket_KeepsThePortAndIgnoresKindZero()
    {
        byte[] stream = new PcblistBuilder().Add(new PcblistRow { Port = 3000, HasSocket = false }).Add(new PcblistRow { Port = 3001, Socket = 5 }).Build();

        List<Pcb> rows = ReadAll(stream, out PcblistSummary summary);
        Assert.Equal([(3000, false), (3001, true)], rows.Select(row => (row.LocalPort, row.HasSocket)));
        Assert.Equal(2, summary.Ignored);
    }

    [Fact]
    public void Read_BlockNewerThanTheSnapshot_IsDropped()
    {
        byte[] stream = new PcblistBuilder { Generation = 100 }.Add(new PcblistRow { Port = 3000, Generation = 101 }).Add(new PcblistRow { Port = 3001, Generation = 100 }).Build();

        Assert.Equal(3001, Assert.Single(ReadAll(stream, out PcblistSummary summary)).LocalPort);
        Assert.Equal(1, summary.Skipped);
    }

    [Fact]
    public void Read_UserSpaceFlow_IsToldApart()
    {
        byte[] stream = new PcblistBuilder().Add(new PcblistRow { Port = 3000, LastPid = 42, Socket = 0, Generation = 0 }).Build();

        Pcb row = Assert.Single(ReadAll(stream, out _));
        Assert.True(row.IsUserSpaceFlow);
        Assert.False(row.HasSocket);
    }

    [Fact]
    public void Read_AcceptQueueRow_IsToldApart()
    {
        byte[] stream = new PcblistBuilder().Add(new PcblistRow { Port = 3000, State = 4, SocketState = 0x1001, RemotePort = 50000 }).Build();

        Assert.True(Assert.Single(ReadAll(stream, out _)).IsInAcceptQueue);
    }

    [Fact]
    public void Read_TrailerOfAnotherGeneration_SaysThatTheListChanged()
    {
        byte[] stream = new PcblistBuilder { Generation = 100, TrailerGeneration = 102 }.Add(new PcblistRow { Port = 1 }).Build();

        Assert.Single(ReadAll(stream, out PcblistSummary summary));
        Assert.True(summary.HasChanged);
    }

    [Fact]
    public void Read_LinkLocalAddress_MovesTheEmbeddedScope()
    {
        byte[] address = [0xfe, 0x80, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];
        byte[] stream = new PcblistBuilder().Add(new PcblistRow { Port = 1, AddressFlags = 2, Address = address }).Build();

        Assert.Equal("fe80::1%4", Assert.Single(ReadAll(stream, out _)).Local.ToString());
    }

    [Fact]
    public void Read_MutatedStreams_NeverThrowsAndNeverReadsPastTheEnd()
    {
        Random random = new(48);
        byte[][] seeds = [.. Directory.GetFiles(Fixture.PathOf("pcblist"), "*.bin").Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];
        int rows = 0;
        for (int round = 0; round < 60_000; round++)
        {
            byte[] seed = seeds[random.Next(seeds.Length)];
            byte[] copy = seed[..random.Next(seed.Length + 1)];
            for (int changes = random.Next(6); changes > 0 && copy.Length > 0; changes--)
            {
                // Lengths and kinds sit at multiples of four; small values there do the most damage.
                int at = random.Next(2) == 0 ? random.Next(copy.Length) : random.Next(copy.Length / 4 + 1) * 4;
                if (at < copy.Length)
                    copy[at] = random.Next(3) == 0 ? (byte)random.Next(64) : (byte)random.Next(256);
            }

            int before = rows;
            rows += ReadAll(copy, out _, random.Next(2) == 0 ? Transport.Tcp : Transport.Udp).Count;
            Assert.True(rows - before <= copy.Length / LeastBlock, "more rows than bytes for them");
        }

        Assert.True(rows > 10_000, "the mutations left nothing to read");
    }

    private const int LeastBlock = 80;

    private static List<Pcb> ReadAll(byte[] stream, out PcblistSummary summary, Transport transport = Transport.Tcp)
    {
        PcblistReader reader = new(stream, transport);
        List<Pcb> rows = [];
        while (reader.Read())
            rows.Add(reader.Current());
        summary = new PcblistSummary(reader.IsComplete, reader.HasChanged, reader.IgnoredRecords, reader.SkippedRows);
        return rows;
    }

    private static void AssertRow(JsonElement expected, Pcb row)
    {
        Assert.Equal(expected.GetProperty("vflag").GetInt32(), row.AddressFlags);
        Assert.Equal(expected.GetProperty("dual_stack").GetBoolean(), row.IsDualStack);
        Assert.Equal(expected.GetProperty("v4mapped").GetBoolean(), (row.AddressFlags & Pcb.INP_V4MAPPEDV6) != 0);
        Assert.Equal(expected.GetProperty("socket_family").GetInt32(), row.SocketFamily);
        Assert.Equal(Address("local"), row.Local.ToString());
        Assert.Equal(Address("remote"), row.Remote.ToString());
        Assert.Equal(expected.GetProperty("local_port").GetInt32(), row.LocalPort);
        Assert.Equal(expected.GetProperty("remote_port").GetInt32(), row.RemotePort);
        Assert.Equal(expected.GetProperty("state").ValueKind == JsonValueKind.Null ? null : expected.GetProperty("state").GetInt32(), row.State);
        Assert.Equal(expected.GetProperty("uid").GetUInt32(), row.Uid);
        Assert.Equal(expected.GetProperty("last_pid").GetInt32(), row.LastPid);
        Assert.Equal(expected.GetProperty("effective_pid").GetInt32(), row.EffectivePid);
        Assert.Equal(Hex("so"), row.Socket);
        Assert.Equal(Hex("pcb"), row.Handle);
        Assert.Equal(expected.GetProperty("inp_gencnt").GetUInt64(), row.Generation);
        Assert.Equal(expected.GetProperty("so_gencnt").GetUInt64(), row.SocketGeneration);
        Assert.Equal(expected.GetProperty("so_options").GetUInt32(), row.Options);
        Assert.Equal(expected.GetProperty("so_state").GetInt32(), row.SocketState);
        Assert.Equal(expected.GetProperty("qlen").GetInt32(), row.QueueLength);
        Assert.Equal(expected.GetProperty("qlimit").GetInt32(), row.QueueLimit);
        Assert.Equal(expected.GetProperty("inp_flags").GetInt32(), row.Flags);
        Assert.Equal(expected.GetProperty("inp_flags2").GetUInt32(), row.Flags2);
        Assert.Equal(expected.GetProperty("has_socket").GetBoolean(), row.HasSocket);

        string Address(string side)
        {
            int scope = expected.GetProperty(side + "_scope").GetInt32();
            string address = expected.GetProperty(side + "_address").GetString()!;
            return scope == 0 ? address : $"{address}%{scope}";
        }

        ulong Hex(string property) => ulong.Parse(expected.GetProperty(property).GetString()!.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    private sealed record PcblistSummary(bool IsComplete, bool HasChanged, int Ignored, int Skipped);
}
