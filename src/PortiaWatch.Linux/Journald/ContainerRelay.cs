using System.Globalization;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Journald;

/// <summary>
/// Tells senders that only pass on what a container's program wrote. journald vouches for such a relay, which runs in the host's network; who was refused, and in which
/// network, it cannot know.
/// </summary>
internal static class ContainerRelay
{
    private const int MaxNameChars = 64;

    /// <summary>Where the message comes from, for people; null when the sender speaks for itself.</summary>
    /// <param name="pid">The sender.</param>
    /// <param name="name">Its short name (<c>_COMM</c>), which the kernel cuts at 15 characters.</param>
    /// <param name="container">What the log driver calls the container; anybody may claim one, which costs him only our trust.</param>
    public static string? Where(int pid, string? name, string? container)
    {
        bool isKnown = name is "conmon" or "dockerd" or "docker" or "docker-proxy" or "rootlessport" or "podman" || name?.StartsWith("containerd-shim", StringComparison.Ordinal) == true;
        if (container is null && !isKnown)
            return null;
        string which = container is null ? "a container" : $"container {PlainText.Clean(container, MaxNameChars)}";
        return string.Create(CultureInfo.InvariantCulture, $"{which}, whose text {PlainText.Clean(name ?? "a program", MaxNameChars)} (pid {pid}) passes on");
    }
}
