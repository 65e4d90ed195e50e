namespace PortiaWatch.Linux.Ebpf;

/// <summary>Byte offsets inside the running kernel's structures, for the way from a task to its socket, its namespaces and its command line.</summary>
internal sealed record KernelOffsets
{
    public required int TaskFiles { get; init; }

    public required int TaskLeader { get; init; }

    public required int TaskParent { get; init; }

    public required int TaskTgid { get; init; }

    public required int TaskPid { get; init; }

    public required int TaskStarted { get; init; }

    public required int TaskCommand { get; init; }

    public required int TaskMemory { get; init; }

    public required int MemoryArgumentsStart { get; init; }

    public required int MemoryArgumentsEnd { get; init; }

    public required int PidLevel { get; init; }

    public required int PidNumbers { get; init; }

    public required int NumberNamespace { get; init; }

    public required int PidNamespaceInode { get; init; }

    public required int FilesTable { get; init; }

    public required int TableFiles { get; init; }

    public required int FilePrivate { get; init; }

    public required int FileInode { get; init; }

    public required int InodeNumber { get; init; }

    public required int SocketType { get; init; }

    public required int SocketSock { get; init; }

    public required int SockFamily { get; init; }

    public required int SockPort { get; init; }

    public required int SockAddress4 { get; init; }

    public required int SockAddress6 { get; init; }

    public required int SockNetwork { get; init; }

    public required int NetworkInode { get; init; }

    /// <summary>Null when one of them is missing: a kernel older or newer than what is known here.</summary>
    public static KernelOffsets? Read(KernelTypes types)
    {
        bool complete = true;
        int task = types.Find("task_struct"u8);
        int memory = types.Find("mm_struct"u8);
        int pid = types.Find("pid"u8);
        int file = types.Find("file"u8);
        int socket = types.Find("socket"u8);
        int sock = types.Find("sock"u8);
        KernelOffsets offsets = new()
        {
            TaskFiles = Offset(task, "files"u8),
            TaskLeader = Offset(task, "group_leader"u8),
            TaskParent = Offset(task, "real_parent"u8),
            TaskTgid = Offset(task, "tgid"u8),
            TaskPid = Offset(task, "thread_pid"u8),
            TaskStarted = EitherOffset(task, "start_boottime"u8, "real_start_time"u8),
            TaskCommand = Offset(task, "comm"u8),
            TaskMemory = Offset(task, "mm"u8),
            MemoryArgumentsStart = Offset(memory, "arg_start"u8),
            MemoryArgumentsEnd = Offset(memory, "arg_end"u8),
            PidLevel = Offset(pid, "level"u8),
            PidNumbers = Offset(pid, "numbers"u8),
            NumberNamespace = Offset(types.Find("upid"u8), "ns"u8),
            PidNamespaceInode = Offset(types.Find("pid_namespace"u8), "ns.inum"u8),
            FilesTable = Offset(types.Find("files_struct"u8), "fdt"u8),
            TableFiles = Offset(types.Find("fdtable"u8), "fd"u8),
            FilePrivate = Offset(file, "private_data"u8),
            FileInode = Offset(file, "f_inode"u8),
            InodeNumber = Offset(types.Find("inode"u8), "i_ino"u8),
            SocketType = Offset(socket, "type"u8),
            SocketSock = Offset(socket, "sk"u8),
            SockFamily = Offset(sock, "__sk_common.skc_family"u8),
            SockPort = Offset(sock, "__sk_common.skc_num"u8),
            SockAddress4 = Offset(sock, "__sk_common.skc_rcv_saddr"u8),
            SockAddress6 = EitherOffset(sock, "__sk_common.skc_v6_rcv_saddr"u8, "__sk_common.skc_rcv_saddr"u8),
            SockNetwork = Offset(sock, "__sk_common.skc_net.net"u8),
            NetworkInode = Offset(types.Find("net"u8), "ns.inum"u8),
        };
        return complete ? offsets : null;

        int Offset(int type, ReadOnlySpan<byte> path)
        {
            complete &= types.TryOffset(type, path, out int bytes);
            return bytes;
        }

        // The start time was renamed in 5.5; a kernel without IPv6 has no IPv6 address.
        int EitherOffset(int type, ReadOnlySpan<byte> path, ReadOnlySpan<byte> otherwise) =>
            types.TryOffset(type, path, out int bytes) ? bytes : Offset(type, otherwise);
    }

    /// <summary>Of the running kernel; null when it was built without BTF or with a layout unknown here.</summary>
    public static KernelOffsets? OfRunningKernel()
    {
        try
        {
            return KernelTypes.Parse(File.ReadAllBytes("/sys/kernel/btf/vmlinux")) is { } types ? Read(types) : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
