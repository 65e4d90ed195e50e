using System.Runtime.InteropServices;

namespace PortiaWatch.Darwin.Tests.Support;

internal sealed partial class World
{
    [LibraryImport(StandInLibrary.Name)]
    private static partial void world_reset();

    [LibraryImport(StandInLibrary.Name)]
    private static partial void world_host(int sees_host);

    [LibraryImport(StandInLibrary.Name)]
    private static partial void world_user(uint euid);

    [LibraryImport(StandInLibrary.Name)]
    private static unsafe partial void world_groups(uint* groups, int count);

    [LibraryImport(StandInLibrary.Name)]
    private static partial void world_growth(int blocks);

    [LibraryImport(StandInLibrary.Name)]
    private static unsafe partial void world_hook(delegate* unmanaged<byte*, int, int, void> hook);

    [LibraryImport(StandInLibrary.Name)]
    private static partial void world_reserve(int port);

    [LibraryImport(StandInLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    private static partial void world_fail(string call, int pid, int error, int times);

    [LibraryImport(StandInLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int world_calls(string call);

    [LibraryImport(StandInLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    private static partial void world_process(int pid, int ppid, uint uid, uint ruid, uint svuid, string comm, string? path, string? cwd);

    [LibraryImport(StandInLibrary.Name)]
    private static partial void world_group(int pid, int pgid);

    [LibraryImport(StandInLibrary.Name)]
    private static partial void world_exec(int pid);

    [LibraryImport(StandInLibrary.Name)]
    private static partial void world_ignore_term(int pid);

    [LibraryImport(StandInLibrary.Name)]
    private static unsafe partial void world_args(int pid, byte* args, int length);

    [LibraryImport(StandInLibrary.Name)]
    private static partial void world_end(int pid, int zombie);

    [LibraryImport(StandInLibrary.Name)]
    private static unsafe partial ulong world_socket(int protocol, int vflag, byte* local, int lport, byte* remote, int rport, int state, uint uid, int last_pid, int e_pid);

    [LibraryImport(StandInLibrary.Name)]
    private static unsafe partial void world_flow(int protocol, byte* local, int lport, int last_pid);

    [LibraryImport(StandInLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
    private static partial ulong world_unix(string path, int listens);

    [LibraryImport(StandInLibrary.Name)]
    private static partial void world_accept_queue(ulong so);

    [LibraryImport(StandInLibrary.Name)]
    private static partial void world_descriptor(int pid, int number, int is_port, ulong so);

    [LibraryImport(StandInLibrary.Name)]
    private static partial void world_close(int pid, int number);

    [LibraryImport(StandInLibrary.Name)]
    private static partial int world_signal_count();

    [LibraryImport(StandInLibrary.Name)]
    private static unsafe partial void world_signal(int index, int* pid, int* sig, int* by_token);
}
