namespace PortiaWatch.Top;

/// <summary>Keys that mean something here.</summary>
internal enum KeyName
{
    /// <summary>A key or a sequence without a meaning.</summary>
    Other,

    Character,
    Enter,
    Escape,
    Tab,
    Backspace,
    Up,
    Down,
    PageUp,
    PageDown,
    Home,
    End,

    /// <summary>Ctrl-C.</summary>
    Interrupt,

    /// <summary>Ctrl-Z.</summary>
    Suspend,

    /// <summary>Ctrl-L.</summary>
    Redraw,
}
