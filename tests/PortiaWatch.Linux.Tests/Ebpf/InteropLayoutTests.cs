using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using PortiaWatch.Linux.Ebpf;
using PortiaWatch.Linux.Interop;

namespace PortiaWatch.Linux.Tests.Ebpf;

/// <summary>Our structures, registers and numbers against the system's own headers, by the compiler.</summary>
public sealed class InteropLayoutTests
{
    [SkippableFact]
    public void Layout_OfEveryStructureAndNumber_IsTheHeaders()
    {
        LiveKernel.RequireTool("cc");
        Skip.IfNot(File.Exists("/usr/include/linux/bpf.h"), "linux/bpf.h is not installed");
        StringBuilder source = new("#include <stddef.h>\n#include <linux/bpf.h>\n#include <linux/perf_event.h>\n#include <sys/syscall.h>\n#include <sys/epoll.h>\n#include <asm/ptrace.h>\n");
        Offset<BpfMapAttributes>("union bpf_attr", "map_type", "key_size", "value_size", "max_entries", "map_flags", "inner_map_fd", "numa_node", "map_name");
        Offset<BpfProgramAttributes>(
            "union bpf_attr", "prog_type", "insn_cnt", "insns", "license", "log_level", "log_size", "log_buf", "kern_version", "prog_flags", "prog_name");
        Offset<BpfElementAttributes>("union bpf_attr", "map_fd", "key", "value", "flags");
        Offset<PerfEventAttributes>(
            "struct perf_event_attr", "type", "size", "config", "sample_period", "sample_type", "read_format", "wakeup_events", "bp_type", "config1");
        Same(Unsafe.SizeOf<PerfEventAttributes>(), "PERF_ATTR_SIZE_VER0");
        Same(Unsafe.SizeOf<BpfObjectName>(), "BPF_OBJ_NAME_LEN");
        Same(SystemCall.Bpf, "SYS_bpf");
        Same(SystemCall.PerfEventOpen, "SYS_perf_event_open");
        Same(SystemCall.FsOpen, "SYS_fsopen");
        Same(SystemCall.FsMount, "SYS_fsmount");
        Same((long)Libc.PERF_EVENT_IOC_ENABLE, "PERF_EVENT_IOC_ENABLE");
        Same((long)Libc.PERF_EVENT_IOC_SET_BPF, "PERF_EVENT_IOC_SET_BPF");
        Same(Libc.BPF_MAP_TYPE_RINGBUF, "BPF_MAP_TYPE_RINGBUF");
        Same(Libc.BPF_MAP_TYPE_LRU_HASH, "BPF_MAP_TYPE_LRU_HASH");
        Same(Libc.BPF_MAP_TYPE_PERCPU_ARRAY, "BPF_MAP_TYPE_PERCPU_ARRAY");
        Same(Libc.BPF_PROG_TYPE_TRACEPOINT, "BPF_PROG_TYPE_TRACEPOINT");
        foreach ((BpfFunction helper, string name) in new[]
        {
            (BpfFunction.MapLookup, "map_lookup_elem"), (BpfFunction.MapUpdate, "map_update_elem"), (BpfFunction.MonotonicTime, "ktime_get_ns"),
            (BpfFunction.CurrentPidTgid, "get_current_pid_tgid"), (BpfFunction.CurrentUidGid, "get_current_uid_gid"), (BpfFunction.CurrentCommand, "get_current_comm"),
            (BpfFunction.CurrentTaskAddress, "get_current_task"), (BpfFunction.ReadUser, "probe_read_user"), (BpfFunction.ReadKernel, "probe_read_kernel"),
            (BpfFunction.RingOutput, "ringbuf_output"), (BpfFunction.CurrentTask, "get_current_task_btf"), (BpfFunction.TaskRegisters, "task_pt_regs"),
        })
            Same((long)helper, $"BPF_FUNC_{name}");
        if (RuntimeInformation.ProcessArchitecture == Architecture.X64)
        {
            Same(ArgumentRegisters.X64.First, "offsetof(struct pt_regs, rdi)");
            Same(ArgumentRegisters.X64.Second, "offsetof(struct pt_regs, rsi)");
            Same(ArgumentRegisters.X64.Third, "offsetof(struct pt_regs, rdx)");
        }
        else
        {
            Same(ArgumentRegisters.Arm64.First, "sizeof(struct user_pt_regs)");
            Same(ArgumentRegisters.Arm64.Second, "offsetof(struct user_pt_regs, regs[1])");
            Same(ArgumentRegisters.Arm64.Third, "offsetof(struct user_pt_regs, regs[2])");
        }

        using Process compiler = OneShot.Start("cc", "-fsyntax-only", "-x", "c", "-");
        compiler.StandardInput.Write(source);
        compiler.StandardInput.Close();
        string complaint = compiler.StandardError.ReadToEnd();
        compiler.WaitForExit();
        Assert.True(compiler.ExitCode == 0, complaint);

        void Offset<T>(string type, params string[] fields)
        {
            foreach (string field in fields)
                Same(Marshal.OffsetOf<T>(field), $"offsetof({type}, {field})");
        }

        void Same(long ours, string theirs) => source.AppendLine(CultureInfo.InvariantCulture, $"_Static_assert((unsigned long)({theirs}) == {ours}ul, \"{theirs} is not {ours}\");");
    }
}
