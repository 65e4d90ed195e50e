using PortiaWatch.Pipeline;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Storms;

/// <summary>A place between two steps of the flow at which the process ends by SIGKILL, as the power would fail there.</summary>
internal sealed class Border(string name)
{
    public const string Seen = "seen";
    public const string Opened = "opened";
    public const string Deciding = "deciding";
    public const string Begun = "begun";
    public const string Pinned = "pinned";
    public const string Signalling = "signalling";
    public const string Signalled = "signalled";
    public const string Exited = "exited";
    public const string Verified = "verified";
    public const string Completed = "completed";
    public const string Closed = "closed";

    private volatile bool _isSignalled;

    /// <summary>Does not return when this is the one.</summary>
    public void Reach(string border)
    {
        _isSignalled |= border == Signalled;
        if (border == name)
            Signals.Send(Environment.ProcessId, Signals.Kill);
    }

    /// <summary>Before a strike the table is looked at as well; a border is only what comes after it.</summary>
    public void ReachVerified()
    {
        if (_isSignalled)
            Reach(Verified);
    }

    public Platform Around(Platform platform) => platform with { Striker = new BorderStriker(platform.Striker, this), Sockets = new BorderSockets(platform.Sockets, this) };

    public PipelineParts Around(PipelineParts parts) => parts with
    {
        OnSighting = sighting => Then(() => parts.OnSighting(sighting), Seen),
        OnCollision = collision => Then(() => parts.OnCollision(collision), Opened),
        Settings = () =>
        {
            // Asked for when the look is over and the rules are next.
            Reach(Deciding);
            return parts.Settings();
        },
        OnVerdict = verdict => Then(() => parts.OnVerdict(verdict), Begun),
        OnOutcome = outcome => Then(() => parts.OnOutcome(outcome), Completed),
        OnClosed = closed => Then(() => parts.OnClosed(closed), Closed),
    };

    private void Then(Action step, string border)
    {
        step();
        Reach(border);
    }
}
