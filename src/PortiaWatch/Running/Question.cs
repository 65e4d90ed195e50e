namespace PortiaWatch.Running;

/// <summary>
/// Asks with single keys on the real terminal. What was typed before the question is no answer; any key that is not offered is passed over. Enter and Esc leave.
/// </summary>
internal sealed class Question(RealTerminal real, Keyboard keyboard, Voice voice)
{
    private const byte ControlC = 3;
    private const byte ControlD = 4;
    private const byte Escape = 27;
    private const byte ControlBackslash = 28;

    // Arrows and the like send Esc and more in one go. No hand is so fast, and few lines are so slow.
    private static readonly TimeSpan SequenceGap = TimeSpan.FromMilliseconds(60);

    /// <param name="sentence">Who holds what.</param>
    /// <param name="choices">In the order in which they are offered; <see cref="Choice.Leave"/> is always there.</param>
    /// <param name="child">Lives and waits behind the question; null when it has ended.</param>
    /// <param name="cancellation">Ends the question without an answer.</param>
    public async Task<Choice> AskAsync(string sentence, IReadOnlyList<Choice> choices, Child? child, CancellationToken cancellation)
    {
        if (!real.Take())
            return Choice.Leave;
        keyboard.StartAnswers();
        string offered = string.Join(", ", choices.Select(Words));
        string keys = string.Join('/', choices.Select(choice => (char)Key(choice)));
        voice.Ask($"{sentence} {char.ToUpperInvariant(offered[0])}{offered[1..]}?", $"[{keys}]", child);
        try
        {
            while (true)
            {
                byte key = await keyboard.ReadKeyAsync(cancellation);
                if ((key == Escape && await IsSequenceAsync(cancellation)) || Read(key, choices) is not { } choice)
                    continue;
                voice.Finish(choice == Choice.Interrupt ? "^C" : Words(choice));
                return choice;
            }
        }
        catch (OperationCanceledException)
        {
            voice.Finish("");
            throw;
        }
        finally
        {
            keyboard.StopAnswers();
            if (child is null)
                real.GiveBack();
        }
    }

    // Takes what belongs to it.
    private async Task<bool> IsSequenceAsync(CancellationToken cancellation)
    {
        for (bool isSequence = false; ; isSequence = true)
        {
            using var gap = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            gap.CancelAfter(SequenceGap);
            try
            {
                await keyboard.ReadKeyAsync(gap.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return isSequence;
            }
        }
    }

    private static Choice? Read(byte key, IReadOnlyList<Choice> choices) => key switch
    {
        ControlC or ControlBackslash => Choice.Interrupt,
        ControlD or (byte)'\r' or (byte)'\n' or (byte)'q' or Escape => Choice.Leave,
        _ => choices.Select(choice => (Choice?)choice).FirstOrDefault(choice => Key(choice!.Value) == (key | 0x20)),
    };

    private static byte Key(Choice choice) => choice switch
    {
        Choice.Strike => (byte)'s',
        Choice.Next => (byte)'n',
        Choice.Again => (byte)'a',
        _ => (byte)'l',
    };

    private static string Words(Choice choice) => choice switch
    {
        Choice.Strike => "strike",
        Choice.Next => "next free port",
        Choice.Again => "start again",
        _ => "leave",
    };
}
