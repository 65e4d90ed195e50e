using System.Text;
using PortiaWatch.Control;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Rendering;

namespace PortiaWatch.Hooks;

/// <summary>The file that Node loads before a program, and the line that makes it do so.</summary>
internal static class NodeHook
{
    private const string Resource = "PortiaWatch.Hooks.node.cjs";

    // Programs that were started with the hook must find the file as long as they run others.
    private const string Nothing = "// PortiaWatch's hook was taken away; this stays for shells that still name it, and may be deleted.\n";

    /// <summary>In a folder that only the user writes to: whoever can change it runs code in every program of Node.</summary>
    public static string File { get; } = Path.Combine(Folders.Data, "hooks", "node.cjs");

    /// <summary>The whole file.</summary>
    public static string Text()
    {
        using Stream stream = typeof(NodeHook).Assembly.GetManifestResourceStream(Resource) ?? throw new InvalidOperationException($"{Resource} is not built in");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>True also when it is a link, whatever that leads to.</summary>
    public static bool Exists => new FileInfo(File) is var file && (file.Exists || file.LinkTarget is not null);

    /// <summary>False when it was there already, just so and nobody else's.</summary>
    public static bool Install(FileOwnership ownership) => Write(Text(), ownership);

    /// <summary>Leaves an empty file: without one, Node would not start in shells that are open. False when there was none.</summary>
    public static bool Uninstall(FileOwnership ownership) => Exists && Write(Nothing, ownership);

    /// <summary>Why the file's folders are not fit for code that runs in every program of Node, as a sentence; null when nobody but the user can change what is in them.</summary>
    public static string? ObjectionToFolders(FileOwnership ownership)
    {
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException();
        string own = Path.GetDirectoryName(File) ?? Folders.Data;
        if (new DirectoryInfo(own).LinkTarget is not null)
            return $"{Words.Folder(own)} is a link; take it away, and the folder is made anew.";
        foreach (string folder in (string[])[Folders.Data, own])
        {
            if (!Directory.Exists(folder))
                continue;
            if (ownership.OwnerOf(folder) is { User: > 0 } owner && owner.User != ownership.CurrentUser)
                return $"{Words.Folder(folder)} belongs to another user (uid {owner.User}), who could run code in every program of Node.";
            if (folder != own && System.IO.File.GetUnixFileMode(folder).HasFlag(UnixFileMode.OtherWrite))
                return $"Other users may write {Words.Folder(folder)} and could run code in every program of Node; mend it with: chmod o-w {Words.Pasted(folder)}";
        }

        return null;
    }

    /// <summary>Why the installed file is not to be trusted, or is not the one of this version, as the rest of a sentence about it; null when it is as it should be.</summary>
    public static string? Objection(FileOwnership ownership)
    {
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException();
        if (new FileInfo(File).LinkTarget is not null)
            return "is a link";
        (byte[] utf8, string? refusal) = ConfigLoader.ReadText(File, ownership);
        if (refusal is not null)
            return refusal;
        if (ownership.OwnerOf(File) is { User: > 0 } owner && owner.User != ownership.CurrentUser)
            return $"belongs to another user (uid {owner.User})";
        const UnixFileMode Others = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
        if ((System.IO.File.GetUnixFileMode(File) & Others) != 0 || (System.IO.File.GetUnixFileMode(Path.GetDirectoryName(File) ?? Folders.Data) & Others) != 0)
            return "may be written by others";
        return utf8.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(Text())) || utf8.AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(Nothing)) ? null : "is not the one that this version installs";
    }

    /// <summary>For the profile of a shell; does nothing once the file is gone, or when it was read before.</summary>
    public static string LineFor(string shell)
    {
        string option = $"--require {(File.Contains(' ', StringComparison.Ordinal) ? $"\"{File}\"" : File)}";
        return shell == "fish"
            ? $"if test -r {Quoted(File)}; and not string match -q -- {Quoted($"*{File}*")} \"$NODE_OPTIONS\"; set -gx NODE_OPTIONS (string trim -- \"$NODE_OPTIONS \"{Quoted(option)}); end"
            : $"if [ -r {Quoted(File)} ]; then case \"${{NODE_OPTIONS-}}\" in *{Quoted(File)}*) ;; *) export NODE_OPTIONS=\"${{NODE_OPTIONS:+$NODE_OPTIONS }}\"{Quoted(option)} ;; esac; fi";
    }

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static bool Write(string text, FileOwnership ownership)
    {
        string folder = Path.GetDirectoryName(File) ?? Folders.Data;
        Directory.CreateDirectory(Folders.Data);
        if (Objection(ownership) is null && System.IO.File.ReadAllText(File) == text)
            return false;
        PrivateFiles.MakeFolder(folder);

        // A program that starts meanwhile reads the old one or the new one, never a half.
        string next = Path.Combine(folder, $".node.cjs.{Path.GetRandomFileName()}");
        using (FileStream file = PrivateFiles.OpenAlone(next, FileMode.CreateNew))
            file.Write(Encoding.UTF8.GetBytes(text));
        System.IO.File.Move(next, File, overwrite: true);
        return true;
    }
}
