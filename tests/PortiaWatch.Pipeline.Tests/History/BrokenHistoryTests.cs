using Microsoft.Data.Sqlite;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.History;

namespace PortiaWatch.Pipeline.Tests.History;

public sealed class BrokenHistoryTests : IDisposable
{
    private readonly HistoryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void History_NotADatabase_IsMovedAsideOnceAndANewOneBegun()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File)!);
        File.WriteAllText(_folder.File, "this is not a database, and longer than the header of one would be. " + new string('x', 4000));
        using IncidentHistory history = _folder.As(10);

        history.Begin([HistoryFolder.Verdict("c1")]);
        history.Begin([HistoryFolder.Verdict("c2")]);

        Assert.Equal(["c1", "c2"], _folder.Read().Select(entry => entry.Id));
        Assert.Equal(new HistoryReport(2, 0, null), history.Report);
        string aside = Assert.Single(Directory.GetFiles(Path.GetDirectoryName(_folder.File)!, "history.db.corrupt-*"));
        Assert.StartsWith("this is not a database", File.ReadAllText(aside), StringComparison.Ordinal);
        Assert.Contains(Path.GetFileName(aside), Assert.Single(_folder.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void History_DamagedPages_AreMovedAside()
    {
        using (IncidentHistory before = _folder.As(10))
        {
            for (int i = 0; i < 50; i++)
                before.Complete([HistoryFolder.Outcome(HistoryFolder.Verdict($"old{i}"))]);
        }

        byte[] bytes = File.ReadAllBytes(_folder.File);
        bytes.AsSpan(4096, 40 * 1024).Fill(0xa5);
        File.WriteAllBytes(_folder.File, bytes);
        using IncidentHistory history = _folder.As(10);

        history.Begin([HistoryFolder.Verdict("new")]);

        Assert.Equal("new", Assert.Single(_folder.Read()).Id);
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(_folder.File)!, "history.db.corrupt-*"));
    }

    [Fact]
    public void MoveAside_SoundDatabase_LeavesItWhereItIs()
    {
        using (IncidentHistory history = _folder.As(10))
            history.Begin([HistoryFolder.Verdict()]);

        Assert.Null(HistoryFile.MoveAside(_folder.File, _folder.Time.GetUtcNow()));
        Assert.Single(_folder.Read());
    }

    [Fact]
    public void History_OfANewerVersion_IsLeftAloneAndSaidOnce()
    {
        using (IncidentHistory before = _folder.As(10))
            before.Begin([HistoryFolder.Verdict()]);
        _folder.Scalar("PRAGMA user_version = 99");
        byte[] bytes = File.ReadAllBytes(_folder.File);
        using IncidentHistory history = _folder.As(10);

        history.Begin([HistoryFolder.Verdict("c2")]);
        _folder.Time.Advance(TimeSpan.FromMinutes(1));
        history.Begin([HistoryFolder.Verdict("c3"), HistoryFolder.Verdict("c4")]);

        Assert.Contains("newer PortiaWatch", Assert.Single(_folder.Warnings), StringComparison.Ordinal);
        Assert.Equal((0, 3), (history.Report.Written, history.Report.NotWritten));
        Assert.Equal(bytes, File.ReadAllBytes(_folder.File));
        Assert.Contains("newer PortiaWatch", Assert.Throws<HistoryException>(() => _folder.Read()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void History_Locked_IsCountedAndTriedAgainLater()
    {
        using IncidentHistory history = _folder.As(10);
        history.Begin([HistoryFolder.Verdict("c1")]);
        Verdict missed = HistoryFolder.Verdict("c2");
        using (SqliteConnection other = _folder.Connect())
        using (SqliteTransaction writing = other.BeginTransaction(deferred: false))
        {
            history.Begin([missed]);
            history.Begin([HistoryFolder.Verdict("c3")]);
        }

        Assert.Contains("locked", Assert.Single(_folder.Warnings), StringComparison.Ordinal);
        Assert.Equal(2, history.Report.NotWritten);
        _folder.Time.Advance(TimeSpan.FromMinutes(1));
        history.Complete([HistoryFolder.Outcome(missed)]);

        Assert.Equal(["c1", "c2"], _folder.Read().Select(entry => entry.Id));
        Assert.Null(history.Report.Problem);
    }

    [Fact]
    public void History_FolderThatCannotBeMade_IsSaidOnceAndCounted()
    {
        string file = Path.Combine(_folder.Folder, "a-file");
        File.WriteAllText(file, "");
        using IncidentHistory history = _folder.As(10, Path.Combine(file, "history.db"));

        for (int i = 0; i < 3; i++)
        {
            history.Begin([HistoryFolder.Verdict($"c{i}")]);
            _folder.Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Single(_folder.Warnings);
        Assert.Equal(3, history.Report.NotWritten);
    }

    [Fact]
    public void History_DeletedByItsUser_IsBegunAnew()
    {
        using IncidentHistory history = _folder.As(10);
        history.Begin([HistoryFolder.Verdict("c1")]);
        foreach (string file in Directory.GetFiles(Path.GetDirectoryName(_folder.File)!))
            File.Delete(file);

        history.Begin([HistoryFolder.Verdict("c2")]);

        Assert.Equal("c2", Assert.Single(_folder.Read()).Id);
    }
}
