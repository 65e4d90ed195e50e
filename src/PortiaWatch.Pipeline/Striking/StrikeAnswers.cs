using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Rules;

namespace PortiaWatch.Pipeline.Striking;

/// <summary>Every way in which a strike can end, each in one plain sentence with the next step.</summary>
internal sealed class StrikeAnswers(StrikeOrder order, IProcessTable processes, TimeProvider time)
{
    private readonly string _subject = Words.Subject(order.Endpoint);
    private readonly string _target = Words.Target(order.Endpoint);

    /// <summary>Processes that got a signal so far, in order.</summary>
    public List<ProcessIdentity> Signalled { get; } = [];

    public StrikeResult Vanished() => Result(OutcomeKind.Vanished, $"{_subject} was free before anything was signalled.", null);

    public StrikeResult Unknown(string? limit) =>
        Result(OutcomeKind.NotPermitted, $"It cannot be told who holds {Lower(_subject)}, so nothing was signalled.{Tail(limit)}", "Run portia doctor: it says what is missing here.");

    public StrikeResult TimeWait(Occupancy occupancy, TimeSpan? took)
    {
        string until = occupancy.ClearsIn is { } left ? $" until {Words.Clock(time.GetUtcNow() + left, time)}" : " for up to a minute";
        string who = took is null ? "Nobody holds it any more" : $"The holder has ended after {Words.Duration(took.Value)}";
        return Result(OutcomeKind.TimeWait, $"{who}; closed connections keep {Lower(_subject)} in TIME_WAIT{until}.", "A server that sets SO_REUSEADDR, as most do, can start now; any other after that time.", took);
    }

    public StrikeResult Reserved(Occupancy occupancy, TimeSpan? took)
    {
        string limit = occupancy.Limit ?? "The kernel refuses it although no socket is on it.";
        string? next = order.Endpoint.Path is { } path && path[0] != '@' ? $"If nobody needs the file any more, remove it: rm {Words.Command([path])}" : "Choose another port, or see portia doctor.";
        return Result(OutcomeKind.Reserved, $"No process holds {Lower(_subject)}, and still it cannot be bound. {limit}", next, took);
    }

    public StrikeResult Unseen(SocketOwner owner)
    {
        if (owner.Socket == 0)
            return Result(OutcomeKind.Reserved, $"{_subject} belongs to the kernel itself; there is no process to stop.", "Find the kernel's service that uses it (NFS, WireGuard) and turn that off.");
        bool foreign = owner.Uid is { } uid && uid != processes.CurrentUser;
        string whose = owner.Uid is { } number ? $"a process of user {Words.Clean(processes.UserName(number))}" : "a process";
        string unit = owner.Unit is { } name ? $", unit {Words.Clean(name)}" : "";
        return Result(
            OutcomeKind.NotPermitted,
            $"{_subject} is held by {whose}{unit} that cannot be seen from here; nothing was signalled.",
            foreign ? $"sudo portia free {_target}" : "It may live in another pid namespace (a container); stop it there.");
    }

    public StrikeResult NotPermitted(ProcessFacts holder) => Result(
        OutcomeKind.NotPermitted,
        $"{Words.Title(holder)} belongs to user {Words.Clean(holder.User ?? "?")}; the kernel lets only that user or root stop it.",
        $"sudo portia free {_target}");

    public StrikeResult SignalForbidden(ProcessFacts holder, string? explanation) => Result(
        OutcomeKind.NotPermitted,
        explanation ?? $"The kernel refused to signal {Words.Title(holder)}: it runs with other rights than ours (a setuid program, or a security policy).",
        $"sudo portia free {_target}");

    public StrikeResult Protected(ProcessFacts holder, string reason) =>
        Result(OutcomeKind.Refused, $"{Words.Title(holder)} holds {Lower(_subject)} and was left alone. {reason}", "Choose another port, or stop it yourself if you are sure.");

    public StrikeResult Connected(ProcessFacts holder) => Result(
        OutcomeKind.Refused,
        $"Nobody listens on {Lower(_subject)}; only an open connection of {Words.Title(holder)} keeps it, and a connection is no reason to stop a program.",
        "Close the connection, or start a server that sets SO_REUSEADDR, as most do.");

    public StrikeResult Changed(ProcessFacts holder) => Result(
        OutcomeKind.Refused,
        $"Pid {holder.Identity.Pid} is not the {Words.Clean(holder.Name)} any more that was found on {Lower(_subject)}; {(Signalled.Count == 0 ? "nothing was signalled" : "it got no SIGKILL")}.",
        $"Look again: portia who {_target}");

    public StrikeResult Unidentified(ProcessFacts holder) => Result(
        OutcomeKind.Refused,
        $"It cannot be read which program {Words.Title(holder)} runs, so it cannot be told from a later one and was not signalled.",
        $"sudo portia free {_target}");

    public StrikeResult HeldByAnother(ProcessFacts holder) => Result(
        OutcomeKind.TakenAgain,
        $"{_subject} is now held by {Words.TitleWithOrigin(holder)}, not by what was found before; nothing was signalled.",
        $"Look again: portia who {_target}");

    public StrikeResult Supervised(ProcessFacts holder, Supervisor supervisor) => Result(
        OutcomeKind.Refused,
        supervisor.IsProxy
            ? $"{Words.Title(holder)} publishes {Lower(_subject)} for {Words.Clean(supervisor.Kind)} container {Words.Clean(supervisor.Name)}, so it was not signalled."
            : $"{Words.Title(holder)} would be started again by {HolderWords.Of(supervisor)}, so it was not signalled.",
        supervisor.StopCommand.Count > 0 ? Words.Command(supervisor.StopCommand) : $"End {Words.Clean(supervisor.Name)} itself, for example with Ctrl-C in its terminal.");

    public StrikeResult SupervisedBystander(ProcessFacts holder, Supervisor supervisor) => Result(
        OutcomeKind.Refused,
        $"{Words.Title(holder)} of {HolderWords.Of(supervisor)} holds {Lower(_subject)} too and was not meant, so nobody was stopped.",
        $"Look again: portia who {_target}");

    /// <param name="done">What cannot be taken back, as the beginning of a sentence.</param>
    public StrikeResult Interrupted(string done) => Result(OutcomeKind.TimedOut, $"{done}; PortiaWatch was stopped before it saw the exit.", $"Look again: portia who {_target}");

    public StrikeResult StopFailed(IReadOnlyList<string> command, string failure) =>
        Result(OutcomeKind.StillHeld, $"The supervisor's own stop command {failure}; nothing else was tried.", Words.Command(command));

    public StrikeResult CircuitOpen(DateTimeOffset until, string taker) => Result(
        OutcomeKind.Refused,
        $"{_subject} keeps being taken by {taker}; it has been freed as often as the budget allows and is left alone until {Words.Clock(until, time)}.",
        "Stop what starts it again.");

    public StrikeResult DryRun(IReadOnlyCollection<ProcessFacts> targets, Supervisor? supervisor) => Result(
        OutcomeKind.DryRun,
        supervisor is null ? $"Would send SIGTERM to {Words.Titles(targets)} to free {Lower(_subject)}." : $"Would run {Words.Command(supervisor.StopCommand)} to free {Lower(_subject)}.",
        null);

    public StrikeResult Freed(string how, TimeSpan took) => Result(OutcomeKind.Freed, $"{_subject} is free, {Words.Duration(took)} after {how}.", null, took);

    public StrikeResult TimedOut(IReadOnlyCollection<ProcessFacts> alive) => Result(
        OutcomeKind.TimedOut,
        $"{Words.Titles(alive)} did not end within {Words.Duration(order.Settings.Grace)} after SIGTERM and still holds {Lower(_subject)}.",
        $"portia free {_target} --force");

    public StrikeResult Immortal(IReadOnlyCollection<ProcessFacts> alive) => Result(
        OutcomeKind.StillHeld,
        $"{Words.Titles(alive)} got SIGKILL and still holds {Lower(_subject)}: it is stuck inside the kernel, mostly waiting for a disk or a network file system.",
        "It ends when that wait ends; otherwise only a restart of the machine helps.");

    public StrikeResult StillHeld(IReadOnlyCollection<ProcessFacts> holders, SocketUse use, TimeSpan took) => use == SocketUse.Connected
        ? Result(OutcomeKind.StillHeld, $"Nobody listens on {Lower(_subject)} any more, but open connections of {Words.Titles(holders)} still keep it.", "A server that sets SO_REUSEADDR, as most do, can start now.", took)
        : Result(OutcomeKind.StillHeld, $"{_subject} is still held by {Words.Titles(holders)}.", $"portia free {_target}", took);

    public StrikeResult StillHeldUnseen(SocketOwner owner, TimeSpan took)
    {
        string whose = owner.Uid is { } uid ? $"a process of user {Words.Clean(processes.UserName(uid))} that cannot be seen from here" : "somebody who cannot be seen from here";
        return Result(OutcomeKind.StillHeld, $"{_subject} is still held, by {whose}.", $"sudo portia who {_target}", took);
    }

    public StrikeResult TakenAgain(ProcessFacts taker, TimeSpan took) => Result(
        OutcomeKind.TakenAgain,
        $"{_subject} was freed and at once taken again by {Words.TitleWithOrigin(taker)}.",
        Words.AgainstTaker(taker, order.Endpoint),
        took);

    public StrikeResult Busy() => Result(OutcomeKind.Refused, $"Another strike on {Lower(_subject)} is under way.", "Wait for its outcome.");

    private StrikeResult Result(OutcomeKind kind, string sentence, string? next, TimeSpan? took = null) => new(kind, sentence, next, took, [.. Signalled]);

    private static string Lower(string subject) => subject.StartsWith("Port ", StringComparison.Ordinal) ? "p" + subject[1..] : subject;

    private static string Tail(string? limit) => limit is null ? "" : " " + limit;
}
