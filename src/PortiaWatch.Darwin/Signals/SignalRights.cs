using PortiaWatch.Darwin.Interop;
using PortiaWatch.Darwin.Processes;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Darwin.Signals;

/// <summary>Who may signal whom (bsd/kern/kern_sig.c, cansignal), in plain words for the one who was refused.</summary>
internal static class SignalRights
{
    /// <summary>Why a signal to this process was refused, in one sentence.</summary>
    public static string Explain(int pid)
    {
        if (pid <= 1)
            return "launchd (pid 1) cannot be stopped by anybody.";
        if (ProcessReading.Of(pid) is not { } target)
            return "The process has ended.";
        uint me = libSystem.geteuid();
        string name = $"{PlainText.Clean(target.Name, 32)} (pid {pid})";
        if (me == target.RealUid || me == target.SavedUid || me == 0)
        {
            // The uid rule would allow it, so a policy said no: sandbox, endpoint security, or the one that guards sandboxed applications.
            return $"macOS allows you to signal {name}, but a security policy (App Sandbox or an endpoint security product) refused it; quit the program in its own way.";
        }

        string owner = libSystem.user_from_uid(target.RealUid) ?? $"uid {target.RealUid}";
        return $"macOS lets you signal only processes whose real or saved user is you; {name} runs as {owner}.";
    }
}
