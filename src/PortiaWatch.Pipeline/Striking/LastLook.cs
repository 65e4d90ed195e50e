using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Striking;

/// <summary>The last step before every signal, as a pure function over both readings of the identity.</summary>
public static class LastLook
{
    /// <summary>Pids up to this one belong to init, launchd and the kernel.</summary>
    public const int LastSystemPid = 2;

    /// <summary>Why the signal must not be sent; null when it may.</summary>
    /// <param name="expected">As it was read when the target was chosen.</param>
    /// <param name="now">As it was read a moment ago; null when there is no such process.</param>
    /// <param name="selfPid">Ours.</param>
    /// <param name="parentPid">Our parent's.</param>
    public static SignalResult? Refusal(ProcessIdentity expected, ProcessIdentity? now, int selfPid, int parentPid)
    {
        if (expected.Pid <= LastSystemPid || expected.Pid == selfPid || expected.Pid == parentPid)
            return SignalResult.NotPermitted;
        if (now is null)
            return SignalResult.Gone;

        // What could not be read cannot be compared, and two unknowns are not equal.
        return expected.Image is not null && now == expected ? null : SignalResult.IdentityChanged;
    }
}
