using System.Runtime.InteropServices;
using PortiaWatch.Pipeline.Sources;

namespace PortiaWatch.Linux.Ebpf;

/// <summary>The kernel's refusals as plain sentences: what is missing, and what mends it.</summary>
internal static class KernelRefusal
{
    private const int EPERM = 1;
    private const int ENOENT = 2;
    private const int ENOMEM = 12;
    private const int EACCES = 13;
    private const int EINVAL = 22;
    private const int EMFILE = 24;
    private const int ENOSYS = 38;

    public static Exception OfMap(int errno) => errno switch
    {
        EPERM => NotPermitted("bpf(2)"),
        EINVAL => new SourceUnavailableException(
            $"This kernel ({Environment.OSVersion.Version}) has no BPF ring buffer, which came with Linux 5.8; the other sources go on without it."),
        ENOSYS => new SourceUnavailableException("This kernel has no bpf(2); the other sources go on without it."),
        _ => Retry("a BPF map cannot be made", errno),
    };

    public static Exception OfProgram(int errno, string objection) => errno switch
    {
        EPERM => NotPermitted("BPF_PROG_LOAD"),
        ENOMEM or EMFILE => Retry("the BPF program cannot be loaded", errno),
        _ => new SourceUnavailableException(
            $"The kernel's verifier refuses the program ({Marshal.GetPInvokeErrorMessage(errno)}): {(objection.Length == 0 ? "it gives no reason" : objection)}."),
    };

    public static Exception OfAttachment(string tracepoint, int errno) => errno switch
    {
        EPERM or EACCES => NotPermitted($"perf_event_open(2) on {tracepoint}"),
        ENOENT or ENOSYS => new SourceUnavailableException($"This kernel has no tracepoint {tracepoint} (CONFIG_FTRACE_SYSCALLS); the other sources go on without it."),
        _ => Retry($"the BPF program cannot be attached to {tracepoint}", errno),
    };

    /// <summary>Refused although the rights seemed to be there: lockdown and seccomp are the two that can.</summary>
    private static SourceUnavailableException NotPermitted(string call)
    {
        KernelRights rights = KernelRights.Read();
        string sentence = rights.Missing() ?? $"The kernel refuses {call}: " + rights switch
        {
            { Lockdown: { } mode } => $"it is locked down ({mode}), which forbids it: boot without lockdown= or Secure Boot's default, or leave the kernel source off.",
            { IsFiltered: true } => "a seccomp filter forbids it: in a container, run with a profile that allows bpf and perf_event_open, or run on the host.",
            _ => "a security policy forbids it (SELinux, AppArmor, sysctl kernel.perf_event_paranoid): look into the system's audit log.",
        };
        return new SourceUnavailableException(sentence) { IsPermission = true };
    }

    private static IOException Retry(string what, int errno) => new($"{what}: {Marshal.GetPInvokeErrorMessage(errno)}");
}
