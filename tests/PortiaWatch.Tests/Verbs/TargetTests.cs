using PortiaWatch.Verbs;

namespace PortiaWatch.Tests.Verbs;

public sealed class TargetTests
{
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
