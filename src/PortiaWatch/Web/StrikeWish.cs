using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Web;

/// <summary>A strike that somebody confirmed in the page: what is to be freed, and from exactly whom, as it was shown.</summary>
internal sealed record StrikeWish
{
    /// <summary>More than any port has holders.</summary>
    private const int MostHolders = 256;

    public string? Target { get; init; }

    public IReadOnlyList<Mark>? Holders { get; init; }

    /// <summary>Null when something is missing or no number.</summary>
    public (Endpoint Target, HashSet<ProcessIdentity> Agreed)? Read()
    {
        if (!Endpoint.TryParse(Target, out Endpoint? target) || Holders is not { Count: > 0 and <= MostHolders })
            return null;
        var agreed = new HashSet<ProcessIdentity>();
        foreach (Mark mark in Holders)
        {
            // Without an image the identity is not complete, and then nobody is struck.
            if (!ulong.TryParse(mark.Generation, out ulong generation) || !ulong.TryParse(mark.Image, out ulong image))
                return null;
            agreed.Add(new ProcessIdentity(mark.Pid, generation, image));
        }

        return (target, agreed);
    }

    /// <summary>A <see cref="ProcessIdentity"/> as the page was given it.</summary>
    internal sealed record Mark(int Pid, string? Generation, string? Image);
}
