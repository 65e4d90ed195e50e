using System.Buffers;
using PortiaWatch.Darwin.Interop;
using PortiaWatch.Darwin.Processes;

namespace PortiaWatch.Darwin.Sockets;

/// <summary>
/// Goes through the sockets that processes have open, descriptors and Mach fileports alike. A process of another user refuses (only root may look), which is an answer
/// too; one that ends meanwhile has nothing. Not thread-safe: one per question.
/// </summary>
internal sealed class DescriptorScan
{
    private const int UsualCount = 512;

    /// <summary>Takes one open socket.</summary>
    public delegate void Visitor(int pid, int number, bool isFileport, in socket_fdinfo socket);

    private readonly HashSet<int> _refused = [];

    /// <summary>Processes that did not let us look.</summary>
    public IReadOnlySet<int> Refused => _refused;

    /// <summary>Every process, those in <paramref name="first"/> before the others, each once.</summary>
    public void VisitAll(IEnumerable<int> first, Visitor visit)
    {
        HashSet<int> seen = [];
        foreach (int pid in first.Concat(ProcessList.All()))
        {
            // kernel_task has no descriptors that anybody may list.
            if (pid > 0 && seen.Add(pid))
                Visit(pid, visit);
        }
    }

    /// <summary>One process.</summary>
    public void Visit(int pid, Visitor visit)
    {
        proc_fdinfo[] descriptors = List<proc_fdinfo>(pid, libSystem.PROC_PIDLISTFDS, out int count);
        for (int i = 0; i < count; i++)
        {
            if (descriptors[i].proc_fdtype == libSystem.PROX_FDTYPE_SOCKET
                && libSystem.proc_pidfdinfo(pid, descriptors[i].proc_fd, libSystem.PROC_PIDFDSOCKETINFO, out socket_fdinfo socket))
            {
                visit(pid, descriptors[i].proc_fd, false, in socket);
            }
        }

        ArrayPool<proc_fdinfo>.Shared.Return(descriptors);
        if (_refused.Contains(pid))
            return;
        proc_fileportinfo[] ports = List<proc_fileportinfo>(pid, libSystem.PROC_PIDLISTFILEPORTS, out count);
        for (int i = 0; i < count; i++)
        {
            if (ports[i].proc_fdtype == libSystem.PROX_FDTYPE_SOCKET
                && libSystem.proc_pidfileportinfo(pid, ports[i].proc_fileport, libSystem.PROC_PIDFILEPORTSOCKETINFO, out socket_fdinfo socket))
            {
                visit(pid, (int)ports[i].proc_fileport, true, in socket);
            }
        }

        ArrayPool<proc_fileportinfo>.Shared.Return(ports);
    }

    private unsafe T[] List<T>(int pid, int flavor, out int count)
        where T : unmanaged
    {
        for (int room = UsualCount; ; room *= 4)
        {
            T[] entries = ArrayPool<T>.Shared.Rent(room);
            int bytes = libSystem.proc_pidinfo(pid, flavor, entries.AsSpan(), out int errno);
            count = bytes / sizeof(T);
            if (errno is libSystem.EPERM or libSystem.EACCES)
                _refused.Add(pid);

            // The list is cut to the buffer without a word: a full one may hide more.
            if (count < entries.Length)
                return entries;
            ArrayPool<T>.Shared.Return(entries);
        }
    }
}
