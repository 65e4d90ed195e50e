using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Linux.Tests.Support;

/// <summary>A shell script in the place of a program of the system.</summary>
internal static class StandIn
{
    /// <summary>Path of the program, which is <paramref name="name"/> in <paramref name="folder"/>. The script finds that path in <c>$0</c>.</summary>
    public static string Make(TemporaryFolder folder, string name, string script)
    {
        folder.Write(name + ".sh", script + "\n");
        File.Delete(folder[name]);
        File.CreateSymbolicLink(folder[name], Path.Join(AppContext.BaseDirectory, "Support", "stand-in.sh"));
        return folder[name];
    }
}
