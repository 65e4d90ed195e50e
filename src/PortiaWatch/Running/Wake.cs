using PortiaWatch.Interop;

namespace PortiaWatch.Running;

/// <summary>Ends a wait in poll(2) from another thread.</summary>
internal sealed class Wake : IDisposable
{
    private readonly Descriptor _read;
    private readonly Descriptor _write;

    public Wake()
    {
        (_read, _write) = Libc.Pipe();
        Libc.SetNonBlocking(_read);
        Libc.SetNonBlocking(_write);
    }

    public int Number => _read.Number;

    public unsafe void Ring()
    {
        byte one = 1;
        _ = Libc.write(_write.Number, &one, 1);
    }

    public unsafe void Clear()
    {
        byte* rung = stackalloc byte[64];
        while (Libc.read(_read.Number, rung, 64) == 64)
        {
        }
    }

    public void Dispose()
    {
        _read.Dispose();
        _write.Dispose();
    }
}
