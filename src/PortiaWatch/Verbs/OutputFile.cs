using System.Text;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Verbs;

/// <summary>A file that the user asked to be written: made anew, readable for its user only, because command lines and folders are in it.</summary>
internal static class OutputFile
{
    public static StreamWriter Create(string path)
    {
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            return new StreamWriter(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), options);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{PlainText.Clean(path, 200)} cannot be written: {PlainText.Clean(error.Message, 200)}", error);
        }
    }
}
