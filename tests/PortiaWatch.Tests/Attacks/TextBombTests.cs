using System.Text;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Attacks;

/// <summary>Text that is made to cost more than it should. That the run ends within the tests' patience is the proof; nothing here is measured.</summary>
[Collection(AttackSuite.Name)]
public sealed class TextBombTests(AttackTally attacks) : IDisposable
{
    private const int Length = 1_000_000;

    private static readonly string[] Parts =
    [
        "a", ":", "[", "[::", "\"", "\\", "\\u", "{\"a\":", " ", "1", "1.1.1.1:", "\u0001", "EADDRINUSE", "EADDRINUSE ", "address already in use ", "address already in use :::",
        "bind: address already in use\n    at ", "{\"MESSAGE\":\"", "Error: listen EADDRINUSE: address already in use 127.0.0.1:", "\u001b[", "\u001b]0;", "é", "\udb40\udc41", "\r",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Scan_EndlessRepetition_EndsAndInventsNoPort()
    {
        var files = new List<string>();
        foreach ((int i, string part) in Parts.Index())
        {
            attacks.Try();
            files.Add(_folder.Write($"{i}.log", new StringBuilder().Insert(0, part, Length / part.Length).Append("\nError: listen EADDRINUSE: address already in use 127.0.0.1:4997\n").ToString()));
        }

        Portia.Answer answer = await Portia.RunAsync(["scan", "--json", .. files]);

        Assert.Equal(0, answer.ExitCode);
        Assert.True(answer.JsonLines.Count(line => line.GetProperty("port").ToString() == "4997") >= Parts.Length);
        Assert.All(answer.JsonLines, line => Assert.True(line.GetProperty("port").ToString() is "4997" or "", line.ToString()));
        Assert.Equal(-1, answer.Output.IndexOf('\u001b'));
        foreach (string _ in Parts)
            attacks.Repelled();
    }
}
