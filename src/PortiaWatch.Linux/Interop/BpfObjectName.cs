using System.Runtime.CompilerServices;
using System.Text;

namespace PortiaWatch.Linux.Interop;

/// <summary>char[BPF_OBJ_NAME_LEN]: letters, digits, underscore and dot, at most 15 of them; what <c>bpftool</c> shows.</summary>
[InlineArray(16)]
internal struct BpfObjectName
{
    private byte _first;

    public static BpfObjectName From(string name)
    {
        BpfObjectName result = default;
        Encoding.ASCII.GetBytes(name, ((Span<byte>)result)[..15]);
        return result;
    }
}
