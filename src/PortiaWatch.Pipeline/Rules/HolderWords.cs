using System.Globalization;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Rules;

/// <summary>How sentences for the user speak of a holder and of an age.</summary>
public static class HolderWords
{
    private const int LongestName = 40;
    private const int LongestSupervisor = 60;

    /// <summary><c>node (pid 4121)</c>; <c>a process of ada that cannot be named</c>, which may be the user's own: it may live in another pid namespace, or end just now.</summary>
    public static string Of(Holder holder)
    {
        if (holder.Process is { } process)
        {
            // A holder that was only described (rules explain) has no pid.
            return process.Identity.Pid > 0 ? string.Create(CultureInfo.InvariantCulture, $"{Name(process.Name)} (pid {process.Identity.Pid})") : Name(process.Name);
        }

        return holder.User is { } user ? $"a process of {Name(user)} that cannot be named" : "a process that cannot be named";
    }

    public static string Of(IReadOnlyList<Holder> holders) => holders.Count switch
    {
        0 => "nobody",
        1 => Of(holders[0]),
        2 => $"{Of(holders[0])} and {Of(holders[1])}",
        _ => string.Create(CultureInfo.InvariantCulture, $"{Of(holders[0])} and {holders.Count - 1} more"),
    };

    /// <summary><c>systemd (web.service)</c>; <c>pm2 (pid 40)</c> where the name begins with the kind.</summary>
    public static string Of(Supervisor supervisor)
    {
        string kind = Name(supervisor.Kind), name = PlainText.Clean(supervisor.Name, LongestSupervisor);
        return name == kind || name.StartsWith(kind + " (", StringComparison.Ordinal) ? name : $"{kind} ({name})";
    }

    public static string Name(string name) => PlainText.Clean(name, LongestName);

    /// <summary>One unit, rounded down: <c>40 s</c>, <c>3 min</c>, <c>5 h</c>, <c>2 d</c>.</summary>
    public static string Age(TimeSpan age)
    {
        (long count, string unit) = age switch
        {
            { TotalSeconds: < 0 } => (0, "s"),
            { TotalMinutes: < 2 } => ((long)age.TotalSeconds, "s"),
            { TotalHours: < 2 } => ((long)age.TotalMinutes, "min"),
            { TotalDays: < 2 } => ((long)age.TotalHours, "h"),
            _ => ((long)age.TotalDays, "d"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{count} {unit}");
    }
}
