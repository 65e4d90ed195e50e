namespace PortiaWatch.Rendering;

/// <summary>Makes the columns of a table fit a screen: the long ones shrink first, then those go that matter least. A table that does not fit is not shown at all by the console.</summary>
internal sealed class FittingColumns
{
    /// <summary>Between two columns.</summary>
    public const int Gap = 2;

    private readonly int[] _widths;

    /// <param name="natural">What each column would need.</param>
    /// <param name="least">What each can shrink to, in the order in which they shrink; columns that are not named stay.</param>
    /// <param name="expendable">The columns that may go, the first one first.</param>
    /// <param name="room">Width of the screen.</param>
    public FittingColumns(IReadOnlyList<int> natural, IReadOnlyList<(int Column, int Least)> least, IReadOnlyList<int> expendable, int room)
    {
        _widths = [.. natural];
        foreach ((int column, int width) in least)
            _widths[column] = Math.Min(_widths[column], Math.Max(width, _widths[column] - Math.Max(0, Needed - room)));
        foreach (int column in expendable)
        {
            if (Needed > room)
                _widths[column] = 0;
        }

        // What the last one that went leaves over goes to those that were cut.
        foreach ((int column, _) in least)
        {
            if (_widths[column] > 0)
                _widths[column] = Math.Min(natural[column], _widths[column] + Math.Max(0, room - Needed));
        }
    }

    private int Needed => _widths.Where(width => width > 0).Sum(width => width + Gap) - Gap;

    /// <summary>0: the column is left out.</summary>
    public int this[int column] => _widths[column];
}
