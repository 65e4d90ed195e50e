using System.Text;

namespace PortiaWatch.Top;

/// <summary>What each key does to the model. What reaches beyond it (looking up, striking, quitting) is given by the session.</summary>
internal sealed class TopKeys(TopModel model, TopActions actions)
{
    private const int LongestFilter = 60;

    /// <param name="key">The key.</param>
    /// <param name="readAt">When it was read, by the stopwatch.</param>
    /// <param name="page">Rows that a page has.</param>
    public void Press(Key key, long readAt, int page)
    {
        if (key.Name == KeyName.Interrupt)
        {
            actions.Quit();
        }
        else if (key.Name == KeyName.Suspend)
        {
            actions.Suspend();
        }
        else if (key.Name == KeyName.Redraw)
        {
            actions.Redraw();
        }
        else if (model.Overlay is { Question: { } question })
        {
            Answer(question, key, readAt);
        }
        else
        {
            model.Notice = null;
            if (model.IsTyping)
                Type(key);
            else if (model.Overlay is { } overlay)
                Read(overlay, key, page);
            else
                Browse(key, page);
        }
    }

    private void Answer(StrikeQuestion question, Key key, long readAt)
    {
        // Typed before the question could be read: no answer to it.
        if (question.ShownAt is not { } shown || readAt < shown)
            return;
        model.Overlay = null;
        if (key.Name == KeyName.Character && key.Character.Value is 'y' or 'Y')
            actions.Strike(question);
        else
            model.Notice = Notice.Plain("Left alone.");
    }

    private void Type(Key key)
    {
        switch (key.Name)
        {
            case KeyName.Escape:
                model.SetFilter("");
                model.IsTyping = false;
                break;
            case KeyName.Enter:
                model.IsTyping = false;
                break;
            case KeyName.Backspace when model.Filter.Length > 0:
                int last = char.IsLowSurrogate(model.Filter[^1]) ? 2 : 1;
                model.SetFilter(model.Filter[..^last]);
                break;
            case KeyName.Backspace:
                model.IsTyping = false;
                break;
            case KeyName.Character when model.Filter.Length < LongestFilter && Rune.GetUnicodeCategory(key.Character) != System.Globalization.UnicodeCategory.Format:
                model.SetFilter(model.Filter + key.Character);
                break;
        }
    }

    private void Read(Overlay overlay, Key key, int page)
    {
        if (StepOf(key, page) is { } step)
            overlay.Top = (int)Math.Clamp((long)overlay.Top + step, 0, int.MaxValue);
        else if (key.Name is KeyName.Escape or KeyName.Enter or KeyName.Backspace || IsCharacter(key, "q?"))
            model.Overlay = null;
        else if (IsCharacter(key, "x") && overlay.Port is { } port)
            actions.AskToStrike(port);
    }

    private void Browse(Key key, int page)
    {
        if (StepOf(key, page) is { } step)
        {
            model.Move(step);
            return;
        }

        switch (key.Name, (char)Math.Min(key.Character.Value, char.MaxValue))
        {
            case (KeyName.Tab, _):
                model.SwitchPane();
                break;
            case (KeyName.Escape, _):
                model.SetFilter("");
                break;
            case (KeyName.Enter, _):
                actions.OpenDetails();
                break;
            case (KeyName.Character, '/'):
                model.IsTyping = true;
                break;
            case (KeyName.Character, 's'):
                model.SortNext();
                break;
            case (KeyName.Character, 'x') when model is { Pane: TopPane.Ports, SelectedPort: { } port }:
                actions.AskToStrike(port);
                break;
            case (KeyName.Character, 'x'):
                model.Notice = Notice.Plain("A strike needs a port: choose one in the upper list (Tab).");
                break;
            case (KeyName.Character, 'm'):
                model.Notice = model.Mute() is { } muted ? Notice.Plain($"{muted} is muted in this view; M shows all again.") : null;
                break;
            case (KeyName.Character, 'M'):
                model.UnmuteAll();
                break;
            case (KeyName.Character, 'w') when model.Watcher.Pid is { } pid:
                model.Notice = Notice.Plain($"A watcher runs already, pid {pid}.");
                break;
            case (KeyName.Character, 'w'):
                actions.StartWatcher();
                break;
            case (KeyName.Character, '?' or 'h'):
                model.Overlay = HelpText.Overlay with { Top = 0 };
                break;
            case (KeyName.Character, 'q'):
                actions.Quit();
                break;
        }
    }

    private static int? StepOf(Key key, int page) => key.Name switch
    {
        KeyName.Up => -1,
        KeyName.Down => 1,
        KeyName.PageUp => -page,
        KeyName.PageDown => page,
        KeyName.Home => int.MinValue,
        KeyName.End => int.MaxValue,
        KeyName.Character => key.Character.Value switch
        {
            'k' => -1,
            'j' => 1,
            'g' => int.MinValue,
            'G' => int.MaxValue,
            _ => null,
        },
        _ => null,
    };

    private static bool IsCharacter(Key key, string any) => key.Name == KeyName.Character && key.Character.IsBmp && any.Contains((char)key.Character.Value, StringComparison.Ordinal);
}
