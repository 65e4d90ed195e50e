using System.Buffers.Text;

namespace PortiaWatch.Linux.Processes;

/// <summary>The fields of /proc/PID/stat (proc_pid_stat(5)) that we use.</summary>
internal readonly ref struct StatLine
{
    private const int LastField = 47;

    /// <summary>The kernel's short name; hostile bytes.</summary>
    public ReadOnlySpan<byte> Name { get; private init; }

    public byte State { get; private init; }

    public int Parent { get; private init; }

    public int Group { get; private init; }

    public int Session { get; private init; }

    /// <summary>0 when it has no controlling terminal.</summary>
    public int Terminal { get; private init; }

    public int Threads { get; private init; }

    /// <summary>Clock ticks since boot.</summary>
    public ulong StartTime { get; private init; }

    /// <summary>Where the stack begins: random for every exec; 0 where we may not look.</summary>
    public ulong StackStart { get; private init; }

    /// <summary>Start of code, end of code, start of data and of the heap mixed into one number.</summary>
    public ulong Layout { get; private init; }

    /// <summary>Ended, or about to be: nothing of it runs any more.</summary>
    public bool IsOver => State is (byte)'X' or (byte)'x' || (State == (byte)'Z' && Threads <= 1);

    /// <summary>The first thread has ended and others run on: /proc/PID/fd is empty although the process has descriptors.</summary>
    public bool HasLostItsLeader => State == (byte)'Z' && Threads > 1;

    /// <summary>The name may hold brackets, spaces and newlines, so the fields are counted from the last bracket.</summary>
    public static bool TryParse(ReadOnlySpan<byte> stat, out StatLine line)
    {
        line = default;
        int open = stat.IndexOf((byte)'(');
        int close = stat.LastIndexOf((byte)')');
        if (open < 0 || close < open || close + 3 >= stat.Length)
            return false;
        ReadOnlySpan<byte> rest = stat[(close + 2)..];
        byte state = rest[0];
        Span<long> fields = stackalloc long[LastField + 1];
        int field = 4;
        rest = rest.Length > 2 ? rest[2..] : [];
        while (field <= LastField && !rest.IsEmpty)
        {
            int space = rest.IndexOf((byte)' ');
            ReadOnlySpan<byte> word = space < 0 ? rest.TrimEnd((byte)'\n') : rest[..space];
            if (!TryReadNumber(word, out fields[field]))
                return false;
            field++;
            rest = space < 0 ? [] : rest[(space + 1)..];
        }

        // Fields 45 to 47 came with kernel 3.3; a line without start time is no line.
        if (field <= 28)
            return false;
        line = new StatLine
        {
            Name = stat[(open + 1)..close],
            State = state,
            Parent = (int)fields[4],
            Group = (int)fields[5],
            Session = (int)fields[6],
            Terminal = (int)fields[7],
            Threads = (int)fields[20],
            StartTime = (ulong)fields[22],
            StackStart = (ulong)fields[28],
            Layout = Mix(Mix(Mix((ulong)fields[26], (ulong)fields[27]), (ulong)fields[45]), (ulong)fields[47]),
        };
        return true;
    }

    /// <summary>A stable hash step (splitmix64's finaliser over the sum).</summary>
    internal static ulong Mix(ulong hash, ulong value)
    {
        ulong z = unchecked((hash * 31) + value + 0x9E3779B97F4A7C15);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return z ^ (z >> 31);
    }

    // Most fields are signed or fit in a long; the signal masks and addresses may not.
    private static bool TryReadNumber(ReadOnlySpan<byte> word, out long number)
    {
        if (Utf8Parser.TryParse(word, out number, out int used) && used == word.Length)
            return true;
        if (!Utf8Parser.TryParse(word, out ulong large, out used) || used != word.Length)
            return false;
        number = unchecked((long)large);
        return true;
    }
}
