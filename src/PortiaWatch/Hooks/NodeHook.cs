using System.Text;
using PortiaWatch.Control;

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

    /// <summary>False when it was there already, just so.</summary>
    public static bool Install() => Write(Text());

    /// <summary>Leaves an empty file: without one, Node would not start in shells that are open. False when there was none.</summary>
    public static bool Uninstall() => System.IO.File.Exists(File) && Write(Nothing);

    /// <summary>For the profile of a shell; does nothing once the file is gone, or when it was read before.</summary>
    public static string LineFor(string shell)
    {
        string option = $"--require {(File.Contains(' ', StringComparison.Ordinal) ? $"\"{File}\"" : File)}";
        return shell == "fish"
            ? $"if test -r {Quoted(File)}; and not string match -q -- {Quoted($"*{File}*")} \"$NODE_OPTIONS\"; set -gx NODE_OPTIONS (string trim -- \"$NODE_OPTIONS \"{Quoted(option)}); end"
            : $"if [ -r {Quoted(File)} ]; then case \"${{NODE_OPTIONS-}}\" in *{Quoted(File)}*) ;; *) export NODE_OPTIONS=\"${{NODE_OPTIONS:+$NODE_OPTIONS }}\"{Quoted(option)} ;; esac; fi";
    }

    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    private static bool Write(string text)
    {
        string folder = Path.GetDirectoryName(File) ?? Folders.Data;
        Directory.CreateDirectory(Folders.Data);
        PrivateFiles.MakeFolder(folder);
        if (System.IO.File.Exists(File) && System.IO.File.ReadAllText(File) == text)
            return false;

        // A program that starts meanwhile reads the old one or the new one, never a half.
        string next = Path.Combine(folder, $".node.cjs.{Environment.ProcessId}");
        using (FileStream file = PrivateFiles.OpenAlone(next, FileMode.Create))
            file.Write(Encoding.UTF8.GetBytes(text));
        System.IO.File.Move(next, File, overwrite: true);
        return true;
    }
}
