using PortiaWatch.Pipeline.Sources;

namespace PortiaWatch.Pipeline.Tests.Sources;

public sealed class FileChangesTests
{
    private readonly FileChanges _changes = new();

    [Fact]
    public void Add_SameFileWrittenOften_IsOneEntry()
    {
        for (var i = 0; i < 1_000; i++)
            _changes.Add(new FileChange(FileChangeKind.Written, "/a.log"));

        Assert.Equal([new FileChange(FileChangeKind.Written, "/a.log")], _changes.Take());
        Assert.Empty(_changes.Take());
    }

    [Fact]
    public void Add_MoreThanFits_BecomesLookAtEverything()
    {
        for (var i = 0; i <= 4_096; i++)
            _changes.Add(new FileChange(FileChangeKind.Written, $"/{i}.log"));

        Assert.Equal([new FileChange(FileChangeKind.Unknown, "")], _changes.Take());
    }

    [Fact]
    public async Task WaitAsync_ChangeAddedBefore_ReturnsAtOnce()
    {
        _changes.Add(new FileChange(FileChangeKind.Written, "/a.log"));

        await _changes.WaitAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(30));
    }
}
