using System.Runtime.InteropServices;
using PortiaWatch.Interop;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Running;

/// <summary>The command cannot be started: what a shell says and answers then.</summary>
internal sealed class SpawnFailure(string command, int error) : Exception
{
    private const int NotFound = 127;
    private const int NotExecutable = 126;

    public int ExitCode => error is Libc.ENOENT or Libc.ENOTDIR ? NotFound : NotExecutable;

    public override string Message => $"{PlainText.Clean(command, 200)}: {Reason}";

    private string Reason => error switch
    {
        Libc.ENOENT when !command.Contains('/', StringComparison.Ordinal) => "command not found",
        Libc.EACCES when Directory.Exists(command) => "Is a directory",
        _ => Marshal.GetPInvokeErrorMessage(error),
    };
}
