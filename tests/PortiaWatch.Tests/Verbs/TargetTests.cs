using PortiaWatch.Verbs;

namespace PortiaWatch.Tests.Verbs;

public sealed class TargetTests
{
    [Theory]
    [InlineData("http://localhost:3000", "localhost:3000")]
    [InlineData("http://127.0.0.1:8000/shop?page=2#top", "127.0.0.1:8000")]
    [InlineData("https://[::1]:8443/", "[::1]:8443")]
    [InlineData("http://localhost/", "localhost:80")]
    [InlineData("ws://localhost:5173", "localhost:5173")]
    public void Parse_AddressFromABrowser_IsThePortItNames(string text, string target) => Assert.Equal(target, Target.Parse(text).ToTarget());

    [Theory]
    [InlineData("http://example.org:3000")]
    [InlineData("foo://localhost/")]
    public void Parse_AddressThatNamesNoPortOfThisMachine_IsNoPath(string text) => Assert.Throws<UsageException>(() => Target.Parse(text));

    [Theory]
    [InlineData("./app.sock", true)]
    [InlineData("unix:run/app.sock", true)]
    [InlineData("/run/app.sock", false)]
    [InlineData("@app", false)]
    public void Parse_Path_IsMeantFromTheUsersFolder(string text, bool isRelative)
    {
        string given = text.Replace("unix:", "", StringComparison.Ordinal);

        Assert.Equal(isRelative ? Path.GetFullPath(given) : given, Target.Parse(text).Path);
    }
}
