using System.IO.Compression;
using Microsoft.Extensions.FileSystemGlobbing;
using Microsoft.Extensions.FileSystemGlobbing.Abstractions;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Verbs;

/// <summary>One thing to scan: a file, packed or not, or standard input.</summary>
internal sealed class ScanInput : IDisposable
{
    private readonly Stream _file;

    private ScanInput(string name, Stream file, Stream text, long length)
    {
        Name = name;
        _file = file;
        Text = text;
        Length = length;
    }

    /// <summary>As the user named it; empty for standard input.</summary>
    public string Name { get; }

    /// <summary>What to read.</summary>
    public Stream Text { get; }

    /// <summary>Bytes of the file as it lies on the disk; 0 when there is no telling.</summary>
    public long Length { get; }

    /// <summary>Bytes of it that are read.</summary>
    public long Position => Length > 0 ? _file.Position : 0;

    /// <summary>The files that the arguments name, globs resolved; an argument that names nothing is a usage error with one plain sentence.</summary>
    public static IReadOnlyList<string> Resolve(IReadOnlyList<string> arguments)
    {
        var paths = new List<string>();
        foreach (var argument in arguments)
        {
            if (argument == "-" || File.Exists(argument))
                paths.Add(argument);
            else if (Directory.Exists(argument))
                throw new UsageException($"{Shown(argument)} is a folder; name its files, for example '{Shown(Path.Join(argument, "*.log"))}'.");
            else if (argument.AsSpan().IndexOfAny('*', '?') >= 0)
                paths.AddRange(Expand(argument));
            else
                throw new UsageException($"There is no file {Shown(argument)}.");
        }

        return paths;
    }

    /// <summary>Opens a file; one that begins as gzip does is unpacked while it is read.</summary>
    public static ScanInput Open(string path)
    {
        if (path == "-")
        {
            var input = Console.OpenStandardInput();
            return new ScanInput("", input, input, 0);
        }

        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
            var isSeekable = file.CanSeek;
            return new ScanInput(path, file, isSeekable && IsPacked(file) ? new GZipStream(file, CompressionMode.Decompress) : file, isSeekable ? file.Length : 0);
        }
        catch (UnauthorizedAccessException)
        {
            throw new UsageException($"You may not read {Shown(path)}.");
        }
        catch (IOException error)
        {
            throw new UsageException($"{Shown(path)} cannot be read: {Shown(error.Message)}");
        }
    }

    public void Dispose()
    {
        Text.Dispose();
        _file.Dispose();
    }

    // A shell puts names in here that others have given to their files.
    private static string Shown(string text) => PlainText.Clean(text, 300);

    private static bool IsPacked(FileStream file)
    {
        Span<byte> magic = stackalloc byte[2];
        var isPacked = file.Read(magic) == 2 && magic.SequenceEqual<byte>([0x1f, 0x8b]);
        file.Position = 0;
        return isPacked;
    }

    private static IEnumerable<string> Expand(string glob)
    {
        var fixedPart = Path.GetDirectoryName(glob[..glob.AsSpan().IndexOfAny('*', '?')]) is { Length: > 0 } folder ? folder : ".";
        var pattern = fixedPart == "." && !glob.StartsWith("./", StringComparison.Ordinal) ? glob : glob[fixedPart.Length..].TrimStart('/');
        var found = Directory.Exists(fixedPart) ? new Matcher().AddInclude(pattern).Execute(new DirectoryInfoWrapper(new DirectoryInfo(fixedPart))) : null;
        if (found is not { HasMatches: true })
            throw new UsageException($"No file matches {Shown(glob)}.");
        return found.Files.Select(match => fixedPart == "." ? match.Path : Path.Join(fixedPart, match.Path)).Order(StringComparer.Ordinal);
    }
}
