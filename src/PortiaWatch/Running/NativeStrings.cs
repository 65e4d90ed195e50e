using System.Runtime.InteropServices;
using System.Text;

namespace PortiaWatch.Running;

/// <summary>
/// Strings as a C program takes them: pointers to UTF-8 with a zero at the end, and a null pointer after the last. Pinned until disposed.
/// </summary>
internal sealed unsafe class NativeStrings : IDisposable
{
    private readonly List<GCHandle> _pins = [];

    public NativeStrings(IReadOnlyList<string> strings)
    {
        nint[] pointers = new nint[strings.Count + 1];
        for (int i = 0; i < strings.Count; i++)
            pointers[i] = Pin(Encoding.UTF8.GetBytes(strings[i] + '\0'));
        Pointers = (byte**)Pin(pointers);
    }

    public byte** Pointers { get; }

    public void Dispose()
    {
        foreach (GCHandle pin in _pins)
            pin.Free();
        _pins.Clear();
    }

    private nint Pin(object array)
    {
        var pin = GCHandle.Alloc(array, GCHandleType.Pinned);
        _pins.Add(pin);
        return pin.AddrOfPinnedObject();
    }
}
