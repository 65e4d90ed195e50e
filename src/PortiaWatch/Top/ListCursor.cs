namespace PortiaWatch.Top;

/// <summary>The selected row of a list that changes under it: it stays on its row wherever that goes, and where it was when the row has gone.</summary>
internal sealed class ListCursor
{
    private string? _key;

    /// <summary>-1 in an empty list.</summary>
    public int Index { get; private set; } = -1;

    /// <summary>The first row that is shown.</summary>
    public int Top { get; private set; }

    /// <summary>After the list has changed.</summary>
    /// <param name="rows">The list now.</param>
    /// <param name="keyOf">What tells its rows apart.</param>
    /// <param name="staysFirst">Who is on the first row wants to see the newest, not that row.</param>
    public void Follow<T>(IReadOnlyList<T> rows, Func<T, string> keyOf, bool staysFirst = false)
    {
        if (staysFirst && Index <= 0)
        {
            Select(rows, keyOf, 0);
            return;
        }

        for (int i = 0; i < rows.Count; i++)
        {
            if (keyOf(rows[i]) == _key)
            {
                Index = i;
                return;
            }
        }

        Select(rows, keyOf, Math.Max(Index, 0));
    }

    /// <summary>As near to <paramref name="index"/> as the list goes.</summary>
    public void Select<T>(IReadOnlyList<T> rows, Func<T, string> keyOf, int index)
    {
        Index = Math.Clamp(index, -1, rows.Count - 1);
        if (Index < 0 && rows.Count > 0)
            Index = 0;
        _key = Index >= 0 ? keyOf(rows[Index]) : null;
    }

    /// <summary>Scrolls as little as is needed to show the selected row.</summary>
    public void ScrollInto(int count, int shown)
    {
        if (Index >= Top + shown)
            Top = Index - shown + 1;
        if (Index >= 0 && Index < Top)
            Top = Index;
        Top = Math.Clamp(Top, 0, Math.Max(0, count - shown));
    }
}
