using PortiaWatch.Pipeline.Events;
using Spectre.Console.Rendering;

namespace PortiaWatch.Rendering;

/// <summary>
/// The last look at everything that goes to a screen: whatever a view forgot to clean cannot move a cursor, change a colour, or reorder and hide text. What we mean ourselves
/// (colours, line ends) is no text to Spectre.
/// </summary>
internal sealed class PlainSegments : IRenderHook
{
    public IEnumerable<IRenderable> Process(RenderOptions options, IEnumerable<IRenderable> renderables) => renderables.Select(one => new Plain(one));

    private sealed class Plain(IRenderable inner) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth) => inner.Measure(options, maxWidth);

        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => inner.Render(options, maxWidth).Select(Clean);

        private static Segment Clean(Segment segment) => segment.IsControlCode || segment.IsLineBreak || PlainText.IsPlain(segment.Text)
            ? segment
            : new Segment(PlainText.Strip(segment.Text), segment.Style);
    }
}
