namespace PortiaWatch.Linux.Tests.Ebpf;

internal static class SensorProgram
{
    public static int Main(string[] arguments) => arguments.Length;
}
