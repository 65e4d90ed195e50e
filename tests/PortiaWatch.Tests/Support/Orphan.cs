using PortiaWatch.Interop;

namespace PortiaWatch.Tests.Support;

/// <summary>A process that is nobody's child that we could wait for.</summary>
internal static class Orphan
{
    /// <summary>Returns once it has ended.</summary>
    public static async Task GoneAsync(int pid)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (Libc.kill(pid, 0) == 0 && !IsZombie(pid))
            await Task.Delay(20, patience.Token);
    }

    // Where nobody reaps orphans they stay.
    private static bool IsZombie(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
