using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Tests.Rules;

namespace PortiaWatch.Pipeline.Tests.Policies;

internal static class Verdicts
{
    public static Verdict Of(RuleAction action, Incident? incident = null, params string[] command) => new()
    {
        Incident = incident ?? Incidents.Confirmed(),
        Action = action,
        Rule = new Rule { Name = "r", Action = action, Command = command },
        Reason = "\"r\" is the first rule that matches",
    };
}
