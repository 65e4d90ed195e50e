using System.IO.Enumeration;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Striking;

/// <summary>Says why a process must not be signalled. Asked when a holder is shown, and again inside every strike with what is true then.</summary>
/// <param name="processes">Who we are, and who runs below whom.</param>
/// <param name="known">Advice for a program that squatters.json lists; null for all others.</param>
public sealed class Protection(IProcessTable processes, Func<ProcessFacts, Endpoint, string?>? known = null)
{
    private const int KernelThreads = 2;

    /// <summary>The plain sentence why this process must not be signalled; null when nothing protects it.</summary>
    /// <param name="facts">As read a moment ago.</param>
    /// <param name="endpoint">What it holds.</param>
    /// <param name="protect">What the configuration protects on top.</param>
    /// <param name="byHand">True when a person named this very target; only then may root stop another user's process.</param>
    public string? Reason(ProcessFacts facts, Endpoint endpoint, ProtectSettings protect, bool byHand) =>
        ReasonOfItself(facts, endpoint, protect, byHand) ?? ReasonOfJobs(facts);

    /// <summary>The same for a process that is stopped together with everything below it, so that its own jobs do not count.</summary>
    internal string? ReasonInTree(ProcessFacts facts, Endpoint endpoint, ProtectSettings protect, bool byHand) => ReasonOfItself(facts, endpoint, protect, byHand);

    private string? ReasonOfItself(ProcessFacts facts, Endpoint endpoint, ProtectSettings protect, bool byHand)
    {
        int pid = facts.Identity.Pid;
        if (pid <= LastLook.LastSystemPid)
            return "It is the system's first process.";
        if (facts.Parents.Count > 0 && facts.Parents[0].Pid == KernelThreads && facts.Parents[0].Name == "kthreadd")
            return "It is a thread of the kernel.";
        if (pid == processes.Self.Pid)
            return "It is PortiaWatch itself.";
        if (processes.IsAboveUs(pid))
            return "PortiaWatch runs below it and would end with it.";
        if (facts.Uid is not { } uid)
            return "It cannot be told whose process it is.";
        if (uid != processes.CurrentUser && processes.CurrentUser != 0)
            return $"It belongs to user {Words.Clean(facts.User ?? processes.UserName(uid))}; the kernel lets only that user or root stop it.";
        if (uid != processes.CurrentUser && !byHand)
            return $"It belongs to user {Words.Clean(facts.User ?? processes.UserName(uid))}; root stops other users' processes only by hand.";

        // A proxy that stands for a known container is never signalled either: only its container can be asked to stop.
        if (facts.Supervisor is not { IsProxy: true, StopCommand.Count: > 0 } && SystemPrograms.Role(facts) is { } role)
            return $"It is {role}.";
        if (SystemPrograms.IsLoginShell(facts))
            return "It is a login shell.";
        return Configured(facts, endpoint, protect) ?? Listed(facts, endpoint);
    }

    // With a supervisor's own stop command nothing is signalled, so a listed program may be stopped in that way.
    private string? Listed(ProcessFacts facts, Endpoint endpoint) => facts.Supervisor is { StopCommand.Count: > 0 } ? null : known?.Invoke(facts, endpoint);

    private string? ReasonOfJobs(ProcessFacts facts) =>
        SystemPrograms.IsShell(facts) && processes.Descendants(facts.Identity).Count > 0 ? "It is a shell that has other jobs." : null;

    private static string? Configured(ProcessFacts facts, Endpoint endpoint, ProtectSettings protect)
    {
        if (endpoint.Port is { } port && protect.Ports.Any(range => range.Contains(port)))
            return $"The configuration protects port {port}.";
        foreach (string pattern in protect.Process)
        {
            if (SystemPrograms.Names(facts).Any(name => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false)))
                return $"The configuration protects \"{Words.Clean(pattern)}\".";
        }

        return null;
    }
}
