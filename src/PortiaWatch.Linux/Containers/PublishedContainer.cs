namespace PortiaWatch.Linux.Containers;

/// <summary>The container that a port proxy publishes, where its command line names it.</summary>
internal static class PublishedContainer
{
    /// <summary>Null when the program is no proxy, or does not say for whom (docker-proxy gives only addresses).</summary>
    public static string? Name(IReadOnlyList<string> command)
    {
        if (command.Count == 0 || Path.GetFileName(command[0]) != "conmon")
            return null;
        return After(command, "-n") ?? After(command, "--name") ?? After(command, "-c") ?? After(command, "--cid");
    }

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
