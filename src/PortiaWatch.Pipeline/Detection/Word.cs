namespace PortiaWatch.Pipeline.Detection;

/// <summary>One word of a line: where it stands, what it can mean, and the number of the sentence it belongs to.</summary>
internal readonly record struct Word(int Start, int Length, Sense Sense, int Sentence)
{
    public int End => Start + Length;

    public bool Has(Sense sense) => (Sense & sense) != 0;
}
