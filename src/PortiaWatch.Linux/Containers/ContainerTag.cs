using System.Buffers;

namespace PortiaWatch.Linux.Containers;

/// <summary>The container that a process runs in, as its cgroup path tells.</summary>
/// <param name="Engine"><c>docker</c>, <c>podman</c>, <c>kubernetes</c>, <c>containerd</c>, <c>lxc</c>, <c>nspawn</c>.</param>
/// <param name="Id">The first twelve digits of the id, or the name where the engine uses names.</param>
internal sealed record ContainerTag(string Engine, string Id)
{
    private const int IdDigits = 64;
    private const int ShownDigits = 12;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    private static readonly SearchValues<char> NameCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-");

    /// <summary>The engine's own stop verb; empty where somebody else decides (a kubelet), and where the name is none: what looks like an option would be read as one.</summary>
    public IReadOnlyList<string> StopCommand => Engine switch
    {
        _ when Id.StartsWith('-') || Id.AsSpan().ContainsAnyExcept(NameCharacters) => [],
        "docker" or "podman" => [Engine, "stop", Id],
        "lxc" => ["lxc-stop", "-n", Id],
        "nspawn" => ["machinectl", "poweroff", Id],
        _ => [],
    };

    /// <summary>Null when the path is not one of a container.</summary>
    public static ContainerTag? FromPath(string path)
    {
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        bool kubernetes = Array.Exists(parts, p => p.StartsWith("kubepods", StringComparison.Ordinal));
        for (int i = 0; i < parts.Length; i++)
        {
            string part = Without(parts[i], ".scope");
            if (Split(part, "lxc.payload.") is { } lxc)
                return new ContainerTag("lxc", lxc);
            if (Split(part, "machine-") is { } machine && !machine.StartsWith("qemu", StringComparison.Ordinal))
                return new ContainerTag("nspawn", machine);
            if (i > 0 && parts[i - 1] == "lxc")
                return new ContainerTag("lxc", part);
            if (!EndsInId(part))
                continue;
            string prefix = part[..^IdDigits];
            string id = part[^IdDigits..^(IdDigits - ShownDigits)];
            if (prefix is "libpod-conmon-")
                return null;
            if (kubernetes)
                return new ContainerTag("kubernetes", id);
            string parent = i > 0 ? parts[i - 1] : "";
            return prefix switch
            {
                "docker-" => new ContainerTag("docker", id),
                "libpod-" => new ContainerTag("podman", id),
                "" when parent is "docker" => new ContainerTag("docker", id),
                "" when parent is "libpod_parent" => new ContainerTag("podman", id),
                _ when prefix.StartsWith("cri", StringComparison.Ordinal) => new ContainerTag("kubernetes", id),
                "" or "nerdctl-" => new ContainerTag("containerd", id),
                _ => null,
            };
        }

        return null;
    }

    private static bool EndsInId(string part) => part.Length >= IdDigits && part.AsSpan(part.Length - IdDigits).IndexOfAnyExcept(HexDigits) < 0;

    private static string Without(string text, string suffix) => text.EndsWith(suffix, StringComparison.Ordinal) ? text[..^suffix.Length] : text;

    private static string? Split(string text, string prefix) => text.Length > prefix.Length && text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : null;
}
