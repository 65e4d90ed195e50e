using System.Buffers;
using System.Globalization;

namespace PortiaWatch.Linux.Journald;

/// <summary>
/// How far the journal was read, kept over restarts in one small file. journalctl's own <c>--cursor-file</c> is not written while it follows (systemd 252), so the place is
/// ours to keep. Written at most every <see cref="SaveInterval"/>; <see cref="Save"/> writes the rest. Not thread-safe.
/// </summary>
internal sealed class JournalPlace(string stateFolder, TimeProvider time)
{
    // A crash within it replays what was handled since, as records that are then too old to act on or fall to the debounce.
    public static readonly TimeSpan SaveInterval = TimeSpan.FromMilliseconds(200);

    private const int MaxCursorChars = 512;
    private static readonly SearchValues<char> CursorChars = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789=;");

    private readonly string _path = Path.Join(stateFolder, "journal.cursor");
    private bool _isLoaded;
    private bool _isSaved = true;
    private long _savedAt;
    private string? _cursor;

    /// <summary>Null when reading begins afresh.</summary>
    public string? Cursor
    {
        get
        {
            if (!_isLoaded)
                _cursor = Load();
            _isLoaded = true;
            return _cursor;
        }
    }

    /// <summary>When the entry at the cursor was written (its <c>t=</c> part); null when there is no cursor, or it does not say.</summary>
    public DateTimeOffset? Time => Cursor?.Split(';').FirstOrDefault(part => part.StartsWith("t=", StringComparison.Ordinal)) is { } part
        && ulong.TryParse(part.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var microseconds) && microseconds < 1UL << 54
            ? DateTimeOffset.UnixEpoch.AddTicks((long)microseconds * TimeSpan.TicksPerMicrosecond)
            : null;

    /// <summary>Why the place could not be written the last time; null when it could.</summary>
    public string? Failure { get; private set; }

    /// <summary>The entry at <paramref name="cursor"/> has been handed over.</summary>
    public void Advance(string cursor)
    {
        if (!IsWellFormed(cursor))
            return;
        _isLoaded = true;
        _cursor = cursor;
        _isSaved = false;
        if (_savedAt == 0 || time.GetElapsedTime(_savedAt) >= SaveInterval)
            Save();
    }

    /// <summary>The journal does not know the place: begin afresh.</summary>
    public void Forget()
    {
        _cursor = null;
        _isSaved = true;
        Attempt(() => File.Delete(_path));
    }

    public void Save()
    {
        if (_isSaved || _cursor is null)
            return;
        Attempt(Write);
        _isSaved = true;
        _savedAt = time.GetTimestamp();
    }

    private void Write()
    {
        Directory.CreateDirectory(stateFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        // Renamed into place, so that a reader finds the old place or the new one and never half of one.
        var draft = _path + ".new";
        File.WriteAllText(draft, _cursor);
        File.Move(draft, _path, overwrite: true);
    }

    // A full disk must not stop the watching: what is lost is only the place after the next restart.
    private void Attempt(Action write)
    {
        try
        {
            write();
            Failure = null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Failure = exception.Message;
        }
    }

    private string? Load()
    {
        try
        {
            var cursor = File.ReadAllText(_path).Trim();
            return IsWellFormed(cursor) ? cursor : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // It becomes an argument of journalctl, and the file may have been edited.
    private static bool IsWellFormed(string cursor) =>
        cursor.Length is > 0 and <= MaxCursorChars && !cursor.AsSpan().ContainsAnyExcept(CursorChars);
}
