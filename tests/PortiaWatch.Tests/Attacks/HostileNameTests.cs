using System.Buffers;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Attacks;

/// <summary>Programs that call themselves what they like. Nothing of it may speak to the terminal, and what is offered for pasting is quoted.</summary>
[Collection(AttackSuite.Name)]
public sealed class HostileNameTests(AttackTally attacks) : IDisposable
{
    // A "pm2" whose home folder is a command, and its child, which listens on a port and on a socket with a name of its own.
    private const string Program = """
        import os, socket, sys, time
        title, port, path = sys.argv[1], int(sys.argv[2]), sys.argv[3]
        if len(sys.argv) == 4:
            os.execv("/usr/bin/python3", ["PM2 v5.3.0: God Daemon (/tmp/" + title + ")", __file__, title, str(port), path, "parent"])
        if sys.argv[4] == "parent" and os.fork() == 0:
            os.execve("/usr/bin/python3", [title, __file__, title, str(port), path, "child"], dict(os.environ, pm_id="0"))
        if sys.argv[4] == "child":
            s = socket.socket(); s.bind(("127.0.0.1", port)); s.listen()
            u = socket.socket(socket.AF_UNIX); u.bind(path); u.listen()
        time.sleep(120)
        """;

    private static readonly SearchValues<char> Never = SearchValues.Create("\u001b\u0007\u0008\u009b\u009d\u202e\u2066\u200b\u200d\ufeff\u00ad");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("$(touch PWNED);`touch PWNED`|touch PWNED&&touch PWNED")]
    [InlineData("\u001b]0;owned\u0007\u001b[2J\u001b[31m")]
    [InlineData("a\u202egnp.exe\u2066\u200b\u200d\ufeff\u00adb")]
    [InlineData("a\r\nport 22 is free.\u0008\u0008\u009b2J\u009d0;x\u009c")]
    [InlineData("'; touch PWNED; '")]
    public async Task WhoListAndFree_OfAHostileProgram_ShowItHarmless(string name)
    {
        Server.Requires("python3", "sh");
        int port = Server.FreePort();
        string socket = Path.Combine(_folder.Path, $"s{(name.Length > 40 ? name[..40] : name).Replace('/', '_')}");
        await using Server parent = await Server.Start(_folder.Path, "/usr/bin/python3", _folder.Write("evil.py", Program), name, $"{port}", socket).ListensOnAsync(port);
        int child = 0;
        try
        {
            foreach (string[] command in (string[][])[["who", $"{port}"], ["list"], ["free", "--dry-run", "--yes", $"{port}"]])
            {
                attacks.Try();
                Portia.Answer answer = await Portia.RunAsync(command);

                Assert.Equal(-1, (answer.Output + answer.Messages).AsSpan().IndexOfAny(Never));
                Assert.DoesNotContain("\nport 22 is free", answer.Output, StringComparison.Ordinal);
                if (command[0] == "who")
                {
                    Assert.Contains("stop it with: ", answer.Output, StringComparison.Ordinal);
                    await PasteAsync(answer.Output[(answer.Output.IndexOf("stop it with: ", StringComparison.Ordinal) + 14)..].Split('\n')[0]);
                }

                attacks.Repelled();
            }

            child = (await Portia.RunAsync("who", $"{port}", "--json")).Json.GetProperty("holders")[0].GetProperty("pid").GetInt32();
        }
        finally
        {
            if (child > 0)
                Signals.Send(child, Signals.Kill);
        }
    }

    [SkippableTheory]
    [InlineData("a$(touch PWNED)")]
    [InlineData("a;touch PWNED;")]
    [InlineData("a'`touch PWNED`'")]
    [InlineData("a && touch PWNED #")]
    public async Task Who_OfASocketWithAShellsSigns_OffersOneWord(string name)
    {
        Server.Requires("python3", "sh");
        attacks.Try();
        string path = Path.Combine(_folder.Path, name);
        const string Listen = "import socket, sys, time; s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(); print('listening', flush=True); time.sleep(120)";
        await using Server holder = await Server.Start(_folder.Path, "/usr/bin/python3", "-c", Listen, path).PrintsAsync("listening");

        Portia.Answer answer = await Portia.RunAsync("who", path);

        string offer = answer.Output.Split('\n').Single(line => line.Contains("portia free", StringComparison.Ordinal));
        offer = offer[offer.IndexOf("portia free", StringComparison.Ordinal)..offer.IndexOf("   (SIGTERM", StringComparison.Ordinal)];
        await using Server shell = Server.Start(_folder.Path, "/bin/sh", "-c", $"portia() {{ printf '%s\n' \"$@\"; }}\n{offer}");
        Assert.Equal(0, await shell.WaitForExitAsync());
        Assert.Equal($"free\n{path}", shell.Output.Trim());
        Assert.False(File.Exists(Path.Combine(_folder.Path, "PWNED")), offer);
        attacks.Repelled();
    }

    // The shell only parses it: a harmless function stands for the one command that may run.
    private async Task PasteAsync(string command)
    {
        await using Server shell = Server.Start(_folder.Path, "/bin/sh", "-c", $"env() {{ :; }}\n{command.TrimEnd()}\ntrue");
        await shell.WaitForExitAsync();
        Assert.False(File.Exists(Path.Combine(_folder.Path, "PWNED")), command);
    }
}
