using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Running;

/// <summary>One refused port while it is being dealt with.</summary>
/// <param name="Incident">With both sides looked up.</param>
/// <param name="Verdict">What the command line orders.</param>
/// <param name="Words">How it is spoken of.</param>
/// <param name="Started">How the refused run was started.</param>
/// <param name="Child">The refused run; may live on.</param>
internal sealed record RefusedPort(Incident Incident, Verdict Verdict, RunWords Words, Remedy Started, Child Child)
{
    /// <summary>Why the refusal may have happened in another network, the beginning of a sentence; null when nothing speaks for it.</summary>
    public string? NetworkDoubt { get; init; }

    public bool IsHeld => Incident.State == PortState.Held && Incident.Holders.Count > 0;
}
