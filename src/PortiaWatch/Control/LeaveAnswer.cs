namespace PortiaWatch.Control;

/// <summary><c>portia.left/1</c>: what became of the wish to leave a holder alone.</summary>
/// <param name="Schema">Always <see cref="CurrentSchema"/>.</param>
/// <param name="Left">The choice is on record.</param>
/// <param name="Sentence">For people.</param>
internal sealed record LeaveAnswer(string Schema, bool Left, string Sentence)
{
    public const string CurrentSchema = "portia.left/1";

    public static LeaveAnswer Of(bool left, string sentence) => new(CurrentSchema, left, sentence);
}
