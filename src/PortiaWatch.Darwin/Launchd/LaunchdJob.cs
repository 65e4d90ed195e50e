using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Darwin.Launchd;

/// <summary>A service that launchd runs.</summary>
/// <param name="Domain"><c>gui/501</c>, <c>user/501</c> or <c>system</c>.</param>
/// <param name="Label">As its property list has it.</param>
/// <param name="Pid">0 when it is not running.</param>
internal sealed record LaunchdJob(string Domain, string Label, int Pid)
{
    private static readonly string[] HomebrewPrefixes = ["homebrew.mxcl.", "homebrew."];

    /// <summary>Programs that were opened, not configured: launchd lists them, and does not start them again.</summary>
    public bool IsApplication => Label.StartsWith("application.", StringComparison.Ordinal);

    /// <summary>Null for an application.</summary>
    public Supervisor? Supervisor
    {
        get
        {
            if (IsApplication)
                return null;
            foreach (string prefix in HomebrewPrefixes)
            {
                if (Label.StartsWith(prefix, StringComparison.Ordinal) && Label.Length > prefix.Length)
                    return new Supervisor("homebrew", Label[prefix.Length..], StopFormula(Label[prefix.Length..]));
            }

            string[] stop = ["launchctl", "bootout", $"{Domain}/{Label}"];
            return new Supervisor("launchd", Label, Domain == "system" ? ["sudo", .. stop] : stop);
        }
    }

    private string[] StopFormula(string formula)
    {
        string[] stop = ["brew", "services", "stop", formula];
        return Domain == "system" ? ["sudo", .. stop] : stop;
    }
}
