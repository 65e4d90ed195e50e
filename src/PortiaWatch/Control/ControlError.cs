namespace PortiaWatch.Control;

/// <summary><c>portia.error/1</c>: why a request got no answer.</summary>
/// <param name="Schema">Always <see cref="CurrentSchema"/>.</param>
/// <param name="Code">One of the constants here; for programs.</param>
/// <param name="Sentence">For people.</param>
internal sealed record ControlError(string Schema, string Code, string Sentence)
{
    public const string CurrentSchema = "portia.error/1";

    public const string OtherUser = "otherUser";
    public const string NoRequest = "noRequest";
    public const string TooLarge = "tooLarge";
    public const string Silent = "silent";
    public const string Unknown = "unknown";
    public const string Crowded = "crowded";

    /// <summary>The client may do it by itself: another build, or a watcher that cannot.</summary>
    public const string Yourself = "yourself";

    public static ControlError Of(string code, string sentence) => new(CurrentSchema, code, sentence);
}
