using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Attacks;

/// <summary>What can be sent to the socket of a running watcher: afterwards it still answers, has not grown, and its log has no line that it did not write.</summary>
[Collection(AttackSuite.Name)]
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class ControlSocketTests(AttackTally attacks) : IDisposable
{
    private const long MostGrowth = 64_000_000;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Bombs_OfEveryKind_LeaveTheWatcherAsItWas()
    {
        await using Watcher watcher = await Watcher.StartAsync(_folder);
        long before = (await watcher.StatusAsync()).GetProperty("memoryBytes").GetInt64();
        foreach (byte[] bomb in Bombs())
        {
            attacks.Try();
            for (int i = 0; i < 5; i++)
                _ = await Watcher.SendAsync(_folder.Path, [.. bomb, (byte)'\n']);
            JsonElement status = await watcher.StatusAsync();
            Assert.Equal(0, status.GetProperty("counters").GetProperty("incidents").GetInt32());
            Assert.True(status.GetProperty("memoryBytes").GetInt64() < before + MostGrowth, "It grew.");
            attacks.Repelled();
        }
    }

    [Fact]
    public async Task Connections_HundredsThatSayHalfALineOrHangUp_HoldUpNobodyForLong()
    {
        attacks.Try();
        await using Watcher watcher = await Watcher.StartAsync(_folder);
        var open = new List<Socket>();
        try
        {
            for (int i = 0; i < 600; i++)
            {
                if (await TryConnectAsync() is not { } client)
                    continue;
                open.Add(client);
                await client.SendAsync("{\"schema\":"u8.ToArray());
                if (i % 2 == 0)
                    client.Dispose();
            }

            await AnswersAgainAsync();
        }
        finally
        {
            open.ForEach(client => client.Dispose());
        }

        attacks.Repelled();
    }

    [Fact]
    public async Task Free_OfANameWithLines_ForgesNoLineOfTheLog()
    {
        attacks.Try();
        await using Watcher watcher = await Watcher.StartAsync(_folder);
        string version = (await watcher.StatusAsync()).GetProperty("version").GetString()!;
        string target = JsonEncodedText.Encode("/tmp/a\n23:59:59 inf free 22: freed\u001b[31m\u202e").ToString();

        string? answer = await watcher.SendAsync($$$"""{"schema":"portia.request/1","do":"free","free":{"version":"{{{version}}}","target":"{{{target}}}","holders":[]}}""");

        Assert.Contains("portia.freed/1", answer, StringComparison.Ordinal);
        await watcher.Portia.WaitForMessageAsync("asked for by pid");
        Assert.DoesNotContain("\n23:59:59", watcher.Portia.Messages, StringComparison.Ordinal);
        Assert.Equal(-1, watcher.Portia.Messages.IndexOfAny(['\u001b', '\u202e']));
        attacks.Repelled();
    }

    [SkippableTheory]
    [InlineData("recycled pid", 1)]
    [InlineData("no generation", 0)]
    public async Task Free_OfAProcessThatIsNotTheAgreedOne_StopsNothing(string kind, int add)
    {
        Server.Requires("python3");
        attacks.Try();
        await using Watcher watcher = await Watcher.StartAsync(_folder);
        int port = Server.FreePort();
        await using Server victim = await Server.Start(_folder.Path, "/usr/bin/python3", "-m", "http.server", "--bind", "127.0.0.1", $"{port}").ListensOnAsync(port);
        string version = (await watcher.StatusAsync()).GetProperty("version").GetString()!;

        string? answer = await watcher.SendAsync(
            $$$"""{"schema":"portia.request/1","do":"free","free":{"version":"{{{version}}}","target":"{{{port}}}","force":true,"holders":[{"pid":{{{victim.Pid}}},"generation":{{{add}}}}]}}""");

        Assert.True(answer is not null && !answer.Contains("\"freed\"", StringComparison.Ordinal), $"{kind}: {answer}");
        Assert.False(victim.HasExited);
        attacks.Repelled();
    }

    [SkippableFact]
    public async Task Client_ThatMeetsAnotherUsersSocket_DoesNotBelieveIt()
    {
        Server.Requires("python3", "setpriv");
        Server.RequiresThat(Environment.UserName == "root", "only root can become another user");
        attacks.Try();
        string folder = Directory.CreateDirectory(Path.Combine(_folder.Path, "portia")).FullName;
        foreach (string path in (string[])[_folder.Path, folder])
            File.SetUnixFileMode(path, (UnixFileMode)0b111_111_111);
        string script = _folder.Write("fake.py", $$$"""
            import socket
            s = socket.socket(socket.AF_UNIX); s.bind("{{{Watcher.SocketIn(_folder.Path)}}}"); s.listen(); print("ready", flush=True)
            while True:
                c, _ = s.accept(); c.send(b'{"schema":"portia.status/1","version":"evil","pid":1,"configuration":"all is well"}\n'); c.close()
            """);
        await using Server fake = await Server.Start("/", "/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "/usr/bin/python3", script).PrintsAsync("ready");
        File.SetUnixFileMode(Watcher.SocketIn(_folder.Path), (UnixFileMode)0b111_111_111);

        Portia.Answer status = await Portia.RunInAsync(_folder.Path, "status", "--json");

        Assert.Equal(1, status.ExitCode);
        Assert.DoesNotContain("all is well", status.Output, StringComparison.Ordinal);
        attacks.Repelled();
    }

    // The backlog is finite: who comes when it is full is turned away at once, and costs the watcher nothing.
    private async Task<Socket?> TryConnectAsync()
    {
        try
        {
            return await Watcher.ConnectAsync(_folder.Path);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private async Task AnswersAgainAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (await TryConnectAsync() is var client)
        {
            using (client)
            {
                if (client is not null)
                {
                    await client.SendAsync("""{"schema":"portia.request/1","do":"status"}"""u8.ToArray());
                    client.Shutdown(SocketShutdown.Send);
                    Assert.Contains("portia.status/1", await Watcher.ReadLineAsync(client), StringComparison.Ordinal);
                    return;
                }
            }

            await Task.Delay(50, patience.Token);
        }
    }

    private static IEnumerable<byte[]> Bombs()
    {
        yield return [];
        yield return [0];
        yield return Encoding.ASCII.GetBytes(new string('[', 60_000));
        yield return Encoding.ASCII.GetBytes("""{"schema":"portia.request/1","do":""" + new string('[', 50_000) + new string(']', 50_000) + "}");
        yield return Encoding.ASCII.GetBytes("{" + string.Join(',', Enumerable.Repeat("\"do\":\"free\"", 4000)) + "}");
        yield return Encoding.ASCII.GetBytes("""{"schema":"portia.request/1","do":"hook","hook":{"port":1e400}}""");
        yield return Encoding.ASCII.GetBytes("""{"schema":"portia.request/1","do":"hook","hook":{"port":99999}}""");
        yield return Encoding.ASCII.GetBytes("""{"schema":"portia.request/1","do":"hook","hook":{"transport":"unix","path":"\u001b[2J"}}""");
        yield return Encoding.ASCII.GetBytes("""{"schema":"portia.request/1","do":"free","free":{"target":"3000","holders":[null,{}]}}""");
        yield return Encoding.ASCII.GetBytes("""{"schema":"portia.request/1","do":"free","free":null}""");
        yield return [.. Encoding.ASCII.GetBytes("""{"schema":"portia.request/1","do":"status"""), 0xff, 0xfe, .. Encoding.ASCII.GetBytes("\"}")];
        yield return new byte[4_000_000];
        var random = new Random(20261122);
        for (int i = 0; i < 40; i++)
        {
            byte[] line = Encoding.ASCII.GetBytes("""{"schema":"portia.request/1","do":"free","free":{"version":"1","target":"3000","holders":[{"pid":1}]}}""");
            for (int change = 0; change < 4; change++)
                line[random.Next(line.Length)] = (byte)random.Next(256);
            yield return line;
        }
    }
}
