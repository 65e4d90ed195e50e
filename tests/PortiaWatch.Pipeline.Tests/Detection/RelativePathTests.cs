namespace PortiaWatch.Pipeline.Tests.Detection;

public sealed class RelativePathTests
{
    [Theory]
    [InlineData("bind() to unix:./app.sock failed (98: Address already in use)", "./app.sock")]
    [InlineData("Error: listen EADDRINUSE: address already in use ./app.sock", "./app.sock")]
    [InlineData("Error: listen EADDRINUSE: address already in use ../run/rv.sock", "../run/rv.sock")]
    [InlineData("Error: listen EADDRINUSE: address already in use ~/run/rv.sock", "~/run/rv.sock")]
    [InlineData("Error: listen EADDRINUSE: address already in use ${HOME}/rv.sock", null)]
    [InlineData("Error: listen EADDRINUSE: address already in use /run/rv.sock", "/run/rv.sock")]
    public void Detect_RelativePath_DoesNotBecomeAnotherPath(string line, string? path) =>
        Assert.Equal(path, Assert.Single(Feed.Lines(line + "\n")).Endpoint.Path);
}
