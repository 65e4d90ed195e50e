using Microsoft.Win32.SafeHandles;
using PortiaWatch.Linux.Interop;

namespace PortiaWatch.Linux.Ebpf;

/// <summary>
/// The reading side of a BPF ring (Documentation/bpf/ringbuf.rst): a page with our position that we write, a page with the kernel's position, and the data mapped
/// twice in a row, so that a record is never broken by the end. For one thread.
/// </summary>
internal sealed unsafe class RingReader : IDisposable
{
    private readonly MappedMemory _ours;
    private readonly MappedMemory _kernels;
    private readonly ulong* _consumed;
    private readonly ulong* _produced;
    private readonly byte* _data;
    private readonly ulong _mask;

    public RingReader(SafeFileHandle ring, int ringBytes)
    {
        nuint page = (nuint)Environment.SystemPageSize;
        _mask = (ulong)ringBytes - 1;
        _ours = Libc.map_shared(ring, page, 0, writable: true);
        _kernels = Libc.map_shared(ring, page + (2 * (nuint)ringBytes), (nint)page, writable: false);
        _consumed = (ulong*)_ours.DangerousGetHandle();
        _produced = (ulong*)_kernels.DangerousGetHandle();
        _data = (byte*)_produced + page;
    }

    /// <summary>Bytes that wait to be read.</summary>
    public long Backlog => (long)(Volatile.Read(ref *_produced) - *_consumed);

    /// <summary>
    /// Copies the next record, cut to the buffer, and gives its place back to the kernel. False when there is none, or when the next is still being written;
    /// the descriptor becomes readable then.
    /// </summary>
    public bool TryRead(Span<byte> buffer, out int lengthBytes)
    {
        lengthBytes = 0;
        while (true)
        {
            ulong position = *_consumed;
            if (position == Volatile.Read(ref *_produced))
                return false;
            byte* record = _data + (position & _mask);
            uint header = Volatile.Read(ref *(uint*)record);
            if ((header & Libc.BPF_RINGBUF_BUSY_BIT) != 0)
                return false;
            int length = (int)(header & ~Libc.BPF_RINGBUF_DISCARD_BIT);
            bool isDiscarded = (header & Libc.BPF_RINGBUF_DISCARD_BIT) != 0;
            if (!isDiscarded)
            {
                lengthBytes = Math.Min(length, buffer.Length);
                new ReadOnlySpan<byte>(record + Libc.BPF_RINGBUF_HDR_SZ, lengthBytes).CopyTo(buffer);
            }

            // The kernel wakes us only for a record right at our position; the exchange orders this store before the next look at the kernel's position.
            Interlocked.Exchange(ref *_consumed, position + (((ulong)length + Libc.BPF_RINGBUF_HDR_SZ + 7) & ~7ul));
            if (!isDiscarded)
                return true;
        }
    }

    public void Dispose()
    {
        _ours.Dispose();
        _kernels.Dispose();
    }
}
