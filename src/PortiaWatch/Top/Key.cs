using System.Text;

namespace PortiaWatch.Top;

/// <summary>One key press.</summary>
/// <param name="Name">Which key.</param>
/// <param name="Character">What was typed, for <see cref="KeyName.Character"/>.</param>
internal readonly record struct Key(KeyName Name, Rune Character)
{
    public static Key Of(KeyName name) => new(name, default);

    public static Key Of(char character) => new(KeyName.Character, new Rune(character));
}
