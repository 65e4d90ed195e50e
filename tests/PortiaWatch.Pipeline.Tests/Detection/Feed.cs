using System.Text;
using PortiaWatch.Pipeline.Detection;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Tests.Detection;

/// <summary>Feeds text to a detector the ways that sources do.</summary>
internal static class Feed
{
    public static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    public static LogRecord Record(ReadOnlyMemory<byte> text, bool isWhole = false, long number = 1, string stream = "") => new()
    {
        Text = text,
        Source = isWhole ? "journal" : "file",
        Trust = isWhole ? Trust.System : Trust.Text,
        Time = Start,
        ReadAt = Start,
        Stream = stream,
        Number = number,
        IsWhole = isWhole,
    };

    /// <summary>One journald record.</summary>
    public static List<Sighting> Whole(string text)
    {
        var detector = new Detector();
        var into = new List<Sighting>();
        detector.Detect(Record(Encoding.UTF8.GetBytes(text), isWhole: true, stream: "7"), into);
        detector.Complete(into);
        return into;
    }

    /// <summary>A file of lines, in one record, as the offline scan feeds it.</summary>
    public static List<Sighting> Lines(string text) => Lines(Encoding.UTF8.GetBytes(text));

    public static List<Sighting> Lines(byte[] text)
    {
        var detector = new Detector { TellsEarly = false };
        var into = new List<Sighting>();
        detector.Detect(Record(text), into);
        detector.Complete(into);
        return into;
    }
}
