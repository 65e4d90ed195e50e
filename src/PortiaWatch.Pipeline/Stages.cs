namespace PortiaWatch.Pipeline;

/// <summary>Runs the stages of one flow. A stage that ends completes its output; one that fails ends the whole flow with its error.</summary>
/// <param name="reading">Stops the sources.</param>
/// <param name="channels">Completes each channel of the flow with an error.</param>
internal sealed class Stages(CancellationTokenSource reading, IReadOnlyList<Func<Exception?, bool>> channels)
{
    /// <param name="stage">Runs until its input has ended.</param>
    /// <param name="outputs">Complete the channels that only this stage writes to.</param>
    public async Task RunAsync(Func<Task> stage, params IReadOnlyList<Func<Exception?, bool>> outputs)
    {
        // A stage that finds work at once must not keep the next from beginning.
        await Task.Yield();
        try
        {
            await stage();
            foreach (Func<Exception?, bool> complete in outputs)
                complete(null);
        }
        catch (Exception error)
        {
            // Neither the stages before may wait for room for ever, nor those after for input.
            await reading.CancelAsync();
            foreach (Func<Exception?, bool> complete in channels)
                complete(error);
            throw;
        }
    }
}
