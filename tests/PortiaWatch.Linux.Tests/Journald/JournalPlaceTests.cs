using PortiaWatch.Linux.Journald;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Linux.Tests.Journald;

public sealed class JournalPlaceTests : IDisposable
{
    private const string First = "s=20b93ca07a204878b30e69129e53496e;i=154;b=bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb;m=4f8aa04a;t=660d2f2cbd7d7;x=84b2d3a2d77af7ef";
    private const string Second = "s=20b93ca07a204878b30e69129e53496e;i=155;b=bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb;m=4f8ab82d;t=660d2f2cbefba;x=daade9f251e08181";

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Cursor_NothingKept_IsNull()
    {
        var place = Place();

        Assert.Null(place.Cursor);
        Assert.Null(place.Time);
    }

    [Fact]
    public void Advance_Once_IsThereForTheNextStart()
    {
        Place().Advance(First);

        Assert.Equal(First, Place().Cursor);
        Assert.Equal(DateTimeOffset.UnixEpoch.AddMicroseconds(1795308993107927), Place().Time);
        Assert.Equal(["journal.cursor"], Directory.GetFiles(_folder["state"]).Select(Path.GetFileName));
    }

    [Fact]
    public void Advance_ManyTimesAtOnce_IsWrittenSeldomAndNotLost()
    {
        var place = Place();
        place.Advance(First);
        place.Advance(Second);
        Assert.Equal(First, Place().Cursor);

        place.Save();
        Assert.Equal(Second, Place().Cursor);

        _time.Advance(JournalPlace.SaveInterval);
        place.Advance(First);
        Assert.Equal(First, Place().Cursor);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--directory=/evil")]
    [InlineData("s=1;i=2\n--user")]
    [InlineData("s=\0")]
    public void Cursor_DamagedFile_IsNull(string content)
    {
        Directory.CreateDirectory(_folder["state"]);
        _folder.Write("state/journal.cursor", content);

        Assert.Null(Place().Cursor);
    }

    [Fact]
    public void Forget_Place_BeginsAfreshForGood()
    {
        var place = Place();
        place.Advance(First);
        place.Forget();

        Assert.Null(place.Cursor);
        Assert.Null(Place().Cursor);
    }

    [Fact]
    public void Advance_FolderThatCannotBe_SaysSoAndGoesOn()
    {
        _folder.Write("state", "a file");
        var place = Place();
        place.Advance(First);

        Assert.NotNull(place.Failure);
        Assert.Equal(First, place.Cursor);
    }

    private JournalPlace Place() => new(_folder["state"], _time);
}
