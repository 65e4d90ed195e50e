using PortiaWatch.Linux.Ebpf;
using PortiaWatch.Pipeline.Sources;

namespace PortiaWatch.Linux.Tests.Ebpf;

/// <summary>Says whether programs can be loaded here. Where it should work (root with the rights, and CI says so), a refusal fails the test instead of skipping it.</summary>
internal static class LiveKernel
{
    /// <summary>Collection of the tests that load programs: each counts what this process has in the kernel, or what it costs.</summary>
    public const string OneAtATime = "kernel";

    public static void Require()
    {
        string? missing = KernelRights.Read().Missing();
        if (missing is null)
        {
            try
            {
                Sensor.Start().Dispose();
                return;
            }
            catch (SourceUnavailableException refusal)
            {
                if (MustRun("CI") || MustRun("PORTIA_REQUIRE_ALL"))
                    throw;
                missing = refusal.Message;
            }
        }

        Assert.False(MustRun("PORTIA_REQUIRE_ALL"), missing);
        Skip.If(true, missing);
    }

    public static void RequireTool(string name)
    {
        bool isThere = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, name)));
        if (!isThere)
            Assert.False(MustRun("CI") || MustRun("PORTIA_REQUIRE_ALL"), $"{name} is not installed");
        Skip.IfNot(isThere, $"{name} is not installed");
    }

    private static bool MustRun(string variable) => Environment.GetEnvironmentVariable(variable) is "1" or "true";
}
