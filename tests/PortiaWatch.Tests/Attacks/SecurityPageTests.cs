using System.Text.RegularExpressions;

namespace PortiaWatch.Tests.Attacks;

public sealed partial class SecurityPageTests
{
    [Fact]
    public void Page_EveryTestThatItNames_Exists()
    {
        string root = Root();
        HashSet<string> named = [.. TestName().Matches(File.ReadAllText(Path.Combine(root, "docs", "security.md"))).Select(match => match.Groups["name"].Value)];
        string tests = string.Join('\n', Directory.EnumerateFiles(Path.Combine(root, "tests"), "*Tests.cs", SearchOption.AllDirectories).Select(File.ReadAllText));

        Assert.True(named.Count >= 20, "The page proves little.");
        Assert.All(named, name => Assert.Contains($" {name}(", tests, StringComparison.Ordinal));
    }

    private static string Root()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "PortiaWatch.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        return folder;
    }

    [GeneratedRegex(@"`(?<name>[A-Za-z]+(_[A-Za-z]+)+)`", RegexOptions.ExplicitCapture)]
    private static partial Regex TestName();
}
