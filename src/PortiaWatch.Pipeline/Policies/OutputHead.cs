using System.Text;

namespace PortiaWatch.Pipeline.Policies;

/// <summary>Reads a program's output to its end so that it never blocks on a full pipe, and keeps the beginning.</summary>
internal sealed class OutputHead(int keptBytes)
{
    private readonly byte[] _kept = new byte[keptBytes];
    private int _length;

    /// <summary>What was read so far. Safe to call while reading goes on.</summary>
    public string Text => Encoding.UTF8.GetString(_kept, 0, Volatile.Read(ref _length));

    public async Task DrainAsync(Stream output)
    {
        byte[] buffer = new byte[4096];
        try
        {
            int read;
            while ((read = await output.ReadAsync(buffer)) > 0)
            {
                int kept = Math.Min(read, _kept.Length - _length);
                buffer.AsSpan(0, kept).CopyTo(_kept.AsSpan(_length));
                Volatile.Write(ref _length, _length + kept);
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Closed by us after the program's end, because something that it left behind still has the other side.
        }
    }
}
