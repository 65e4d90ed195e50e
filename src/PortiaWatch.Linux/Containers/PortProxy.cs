using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Containers;

/// <summary>Programs of container engines that hold a port of the host for a container.</summary>
internal static class PortProxy
{
    private const int IdDigits = 64;

    /// <summary><c>docker</c> or <c>podman</c>; null for every other program. slirp4netns, pasta and rootlesskit serve either and are left out where nothing says which.</summary>
    public static string? EngineOf(ProcessFacts facts) => Path.GetFileName(facts.Path) switch
    {
        "docker-proxy" or "rootlesskit" => "docker",
        "conmon" or "rootlessport" => "podman",
        _ => facts.Name switch
        {
            "docker-proxy" or "rootlesskit" => "docker",
            "conmon" or "rootlessport" or "rootlessport-ch" => "podman",
            _ => null,
        },
    };

    /// <summary>The full id where the command line has it (conmon does); null where only addresses or nothing is given.</summary>
    public static string? ContainerId(IReadOnlyList<string> command) =>
        IsConmon(command) && (After(command, "-c") ?? After(command, "--cid")) is { Length: IdDigits } id && id.All(char.IsAsciiHexDigitLower) ? id : null;

    /// <summary>The container's name where the command line has it; null when the program is no proxy or does not say for whom.</summary>
    public static string? Name(IReadOnlyList<string> command) => !IsConmon(command) ? null
        : After(command, "-n") ?? After(command, "--name") ?? After(command, "-c") ?? After(command, "--cid");

    private static bool IsConmon(IReadOnlyList<string> command) => command.Count > 0 && Path.GetFileName(command[0]) == "conmon";

    private static string? After(IReadOnlyList<string> command, string option)
    {
        for (int i = 1; i < command.Count - 1; i++)
        {
            if (command[i] == option)
                return command[i + 1];
        }

        return null;
    }
}
