using System.Text.Json;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Verbs;

public sealed class WhoVerbTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task Who_HeldPort_NamesTheHolderAndNotItsClients()
    {
        Server.Requires("python3");
        int port = Server.FreePort();
        await using Server server = await Server.Start(_folder.Path, "/usr/bin/python3", "-m", "http.server", "--bind", "127.0.0.1", $"{port}").ListensOnAsync(port);
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(System.Net.IPAddress.Loopback, port);

        Portia.Answer answer = await Portia.RunAsync("who", $"{port}", "--json");

        Assert.Equal(0, answer.ExitCode);
        JsonElement json = answer.Json;
        Assert.Equal("schema", json.EnumerateObject().First().Name);
        Assert.Equal("portia.holder/1", json.GetProperty("schema").GetString());
        Assert.Equal($"{port}", json.GetProperty("target").GetString());
        Assert.Equal("held", json.GetProperty("state").GetString());
        JsonElement holder = Assert.Single(json.GetProperty("holders").EnumerateArray());
        Assert.Equal(server.Pid, holder.GetProperty("pid").GetInt32());
        Assert.StartsWith("python3", holder.GetProperty("name").GetString(), StringComparison.Ordinal);
        Assert.Equal(_folder.Path, holder.GetProperty("cwd").GetString());
        Assert.Equal($"{port}", holder.GetProperty("command").EnumerateArray().Last().GetString());
        Assert.Equal(port, holder.GetProperty("endpoint").GetProperty("port").GetInt32());
        Assert.Equal("127.0.0.1", holder.GetProperty("endpoint").GetProperty("address").GetString());
        Assert.Equal("tcp", holder.GetProperty("endpoint").GetProperty("transport").GetString());
        Assert.Equal(Environment.ProcessId, holder.GetProperty("parents")[0].GetProperty("pid").GetInt32());
        Assert.False(holder.GetProperty("protected").GetBoolean());
        Assert.True(holder.GetProperty("startedAt").GetDateTimeOffset() > DateTimeOffset.UnixEpoch);
    }

    [Fact]
    public async Task Who_PortOfTheTestItself_SaysThatItIsProtected()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        int port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;

        Portia.Answer answer = await Portia.RunAsync("who", $"127.0.0.1:{port}", "--json");

        JsonElement holder = Assert.Single(answer.Json.GetProperty("holders").EnumerateArray());
        Assert.Equal(Environment.ProcessId, holder.GetProperty("pid").GetInt32());
        Assert.True(holder.GetProperty("protected").GetBoolean());
        Assert.NotNull(holder.GetProperty("advice").GetString());
    }

    [Fact]
    public async Task Who_FreePort_AnswersNo()
    {
        Portia.Answer answer = await Portia.RunAsync("who", $"{Server.FreePort()}", "--json");

        Assert.Equal(1, answer.ExitCode);
        Assert.Equal("free", answer.Json.GetProperty("state").GetString());
        Assert.Empty(answer.Json.GetProperty("holders").EnumerateArray());
    }

    [Theory]
    [InlineData("0")]
    [InlineData("70000")]
    [InlineData("abc")]
    [InlineData("127.0.0.1:")]
    [InlineData("[::1:3000")]
    [InlineData("3000:4000:5000")]
    public async Task Who_TargetThatIsNoPort_SaysTheAcceptedForms(string target)
    {
        Portia.Answer answer = await Portia.RunAsync("who", target);

        Assert.Equal(2, answer.ExitCode);
        Assert.Empty(answer.Output);
        Assert.Contains("udp/5353", answer.Messages, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_NegativePort_IsAUsageError()
    {
        Portia.Answer answer = await Portia.RunAsync("who", "-1");

        Assert.Equal(2, answer.ExitCode);
        Assert.NotEmpty(answer.Messages.Trim());
    }

    [SkippableFact]
    public async Task Who_HostileProcessName_IsShownWithoutItsControlCharacters()
    {
        Server.Requires("python3");
        int port = Server.FreePort();
        string script = _folder.Write("evil.py", $$"""
            import socket, ctypes, time
            ctypes.CDLL(None).prctl(15, b"a\x1b[31m)\n(x", 0, 0, 0)
            s = socket.socket(); s.bind(("127.0.0.1", {{port}})); s.listen()
            time.sleep(60)
            """);
        await using Server server = await Server.Start(_folder.Path, "/usr/bin/python3", script, "\u001b]0;title\a", "\u202Egnp.exe").ListensOnAsync(port);

        Portia.Answer answer = await Portia.RunAsync("who", $"{port}");

        Assert.Equal(0, answer.ExitCode);
        Assert.DoesNotContain('\u001b', answer.Output);
        Assert.DoesNotContain('\u202E', answer.Output);
        Assert.Contains($"pid {server.Pid}", answer.Output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task List_ListeningPort_IsThere()
    {
        Server.Requires("python3");
        int port = Server.FreePort();
        await using Server server = await Server.Start(_folder.Path, "/usr/bin/python3", "-m", "http.server", "--bind", "127.0.0.1", $"{port}").ListensOnAsync(port);

        Portia.Answer answer = await Portia.RunAsync("list", "--json");

        Assert.Equal(0, answer.ExitCode);
        JsonElement row = Assert.Single(answer.JsonLines, line => line.GetProperty("target").GetString() == $"127.0.0.1:{port}");
        Assert.Equal(server.Pid, row.GetProperty("holders")[0].GetProperty("pid").GetInt32());
    }
}
