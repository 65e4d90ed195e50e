using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using PortiaWatch.Darwin.Interop;

namespace PortiaWatch.Darwin.Tests.Support;

/// <summary>Builds the stand-in libSystem with cc and puts it in the place of the real one. On macOS the real one stays.</summary>
[SupportedOSPlatform("macos")]
internal static class StandInLibrary
{
    public const string Name = "portia-stand-in";

    private static readonly Lazy<nint> Whole = new(() => Build("whole"));
    private static readonly Lazy<nint> Older = new(() => Build("older", "-DWITHOUT_TOKEN"));

    public static nint Handle => Whole.Value;

    /// <summary>As before macOS 14.2: without proc_signal_with_audittoken.</summary>
    public static nint OlderHandle => Older.Value;

    [ModuleInitializer]
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Usage", "CA2255", Justification = "The resolver must be there before the first call into libSystem.")]
    internal static void Install()
    {
        if (OperatingSystem.IsMacOS())
            return;
        NativeLibrary.SetDllImportResolver(typeof(libSystem).Assembly, Resolve);
        NativeLibrary.SetDllImportResolver(Assembly.GetExecutingAssembly(), Resolve);
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name is libSystem.Library or Name ? Handle : 0;

    private static nint Build(string name, params string[] options)
    {
        string folder = Directory.CreateTempSubdirectory("portia-libSystem-").FullName;
        string library = Path.Combine(folder, name + ".so");
        string[] sources = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "StandIns", "libSystem"), "*.c");
        string[] arguments = ["-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror", "-Wno-stringop-truncation", .. options, "-o", library, .. sources, "-lpthread"];
        using Process compiler = Process.Start(new ProcessStartInfo("cc", arguments) { RedirectStandardError = true })!;
        string complaints = compiler.StandardError.ReadToEnd();
        compiler.WaitForExit();
        if (compiler.ExitCode != 0)
            throw new InvalidOperationException($"The stand-in libSystem does not compile: {complaints}");
        nint handle = NativeLibrary.Load(library);
        Directory.Delete(folder, recursive: true);
        return handle;
    }
}
