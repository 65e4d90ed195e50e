using System.Text;

namespace PortiaWatch.Verbs;

/// <summary>Lines of a stream in bounded memory, whoever wrote it.</summary>
internal static class BoundedLines
{
    /// <summary>Each line with its 1-based number; null for one of more than <paramref name="mostBytes"/>, of which nothing is kept.</summary>
    public static IEnumerable<(long Number, string? Line)> Read(Stream stream, int mostBytes)
    {
        byte[] buffer = new byte[64 * 1024];
        var line = new MemoryStream();
        long number = 0;
        bool isTooLong = false;
        int count;
        while ((count = stream.Read(buffer)) > 0)
        {
            int start = 0;
            while (start < count)
            {
                int length = buffer.AsSpan(start, count - start).IndexOf((byte)'\n');
                int end = length < 0 ? count : start + length;
                isTooLong |= line.Length + end - start > mostBytes;
                if (isTooLong)
                    line.SetLength(0);
                else
                    line.Write(buffer, start, end - start);
                start = end + 1;
                if (length < 0)
                    continue;
                yield return (++number, isTooLong ? null : Text(line));
                line.SetLength(0);
                isTooLong = false;
            }
        }

        if (line.Length > 0 || isTooLong)
            yield return (++number, isTooLong ? null : Text(line));
    }

    private static string Text(MemoryStream line) => Encoding.UTF8.GetString(line.GetBuffer().AsSpan(0, (int)line.Length)).TrimEnd('\r');
}
