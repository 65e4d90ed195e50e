using PortiaWatch.Darwin.Processes;

namespace PortiaWatch.Darwin.Tests.Processes;

public sealed class ApplicationNameTests
{
    [Theory]
    [InlineData("/Applications/Foo.app/Contents/MacOS/foo", "Foo")]
    [InlineData("/Applications/Visual Studio Code.app/Contents/Frameworks/Code Helper (Plugin).app/Contents/MacOS/Code Helper", "Visual Studio Code")]
    [InlineData("/Users/x/.app/bin/foo", null)]
    [InlineData("/usr/local/bin/node", null)]
    [InlineData(null, null)]
    public void FromPath_Program_IsTheOutermostBundle(string? path, string? name) => Assert.Equal(name, ApplicationName.FromPath(path));
}
