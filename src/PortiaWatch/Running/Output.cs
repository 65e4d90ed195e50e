using System.Runtime.InteropServices;
using PortiaWatch.Interop;

namespace PortiaWatch.Running;

/// <summary>Writes to our own standard streams as they are: .NET's console would set the terminal up for itself.</summary>
internal static class Output
{
    public const int Messages = 2;

    public static unsafe void Write(int to, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* at = bytes)
            _ = TryWrite(to, at, bytes.Length);
    }

    /// <summary>False when nobody reads it any more.</summary>
    public static unsafe bool TryWrite(int to, byte* at, int count)
    {
        while (count > 0)
        {
            nint written = Libc.write(to, at, count);
            if (written >= 0)
            {
                at += written;
                count -= (int)written;
                continue;
            }

            int error = Marshal.GetLastPInvokeError();
            if (error == Abi.EAGAIN)
            {
                // Somebody who shares the terminal or the pipe with us has set it to O_NONBLOCK.
                var output = new Libc.PollDescriptor { fd = to, events = Libc.POLLOUT };
                var none = new Libc.PollDescriptor { fd = -1 };
                Libc.Await(ref output, ref none, -1);
            }
            else if (error != Libc.EINTR)
            {
                return false;
            }
        }

        return true;
    }
}
