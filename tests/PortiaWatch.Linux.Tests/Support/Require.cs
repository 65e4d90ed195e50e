namespace PortiaWatch.Linux.Tests.Support;

/// <summary>Skips a test whose part is missing; where the parts are promised (CI) a missing one is a failure.</summary>
internal static class Require
{
    private static bool IsStrict => Environment.GetEnvironmentVariable("CI") == "true" || Environment.GetEnvironmentVariable("PORTIA_REQUIRE_ALL") == "1";

    public static void Tool(string name) => That(
        File.Exists(name) || (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Join(folder, name))), $"{name} is not installed");

    public static void Root() => That(Environment.UserName == "root", "needs root");

    public static void That(bool present, string reason)
    {
        if (IsStrict)
            Assert.True(present, reason);
        Skip.IfNot(present, reason);
    }
}
