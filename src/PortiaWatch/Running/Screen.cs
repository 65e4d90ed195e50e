namespace PortiaWatch.Running;

/// <summary>
/// Who may write to our own streams: while a question is open, what the command writes waits, and with it the command, in a bounded buffer.
/// </summary>
internal sealed class Screen : IDisposable
{
    private readonly ManualResetEventSlim _isOpen = new(initialState: true);

    /// <summary>For each write of the two streams, so that they do not interrupt one another.</summary>
    public Lock Turn { get; } = new();

    public void AwaitOpen() => _isOpen.Wait();

    public void Hold() => _isOpen.Reset();

    public void Release() => _isOpen.Set();

    public void Dispose() => _isOpen.Dispose();
}
