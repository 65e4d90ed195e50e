using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Control;

/// <summary>What clients may do to a running watcher: nothing.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class ControlServerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Status_NoWatcher_SaysSoWithTheNextStep()
    {
        Portia.Answer people = await Portia.RunInAsync(_folder.Path, "status");
        Portia.Answer programs = await Portia.RunInAsync(_folder.Path, "status", "--json");

        Assert.Equal(1, people.ExitCode);
        Assert.Contains("portia watch", people.Messages, StringComparison.Ordinal);
        Assert.Equal(1, programs.ExitCode);
        Assert.False(programs.Json.GetProperty("running").GetBoolean());
    }

    [Fact]
    public async Task Status_AfterACollision_HasItsCountsSourcesAndRules()
    {
        await using Watcher watcher = await Watcher.StartAsync(_folder);
        await watcher.SendAsync(Hook(Server.FreePort()));
        await watcher.WaitForAsync(now => now.GetProperty("counters").GetProperty("outcomes").TryGetProperty("logged", out _));

        Portia.Answer people = await Portia.RunInAsync(_folder.Path, "status");
        JsonElement status = (await Portia.RunInAsync(_folder.Path, "status", "--json")).Json;

        Assert.Equal(0, people.ExitCode);
        Assert.Contains("1 record, 1 sighting, 1 collision, 1 incident", people.Output, StringComparison.Ordinal);
        Assert.Equal("portia.status/1", status.EnumerateObject().First().Value.GetString());
        Assert.Equal(1, status.GetProperty("counters").GetProperty("incidents").GetInt32());
        JsonElement source = Assert.Single(status.GetProperty("sources").EnumerateArray());
        Assert.Equal(("hook", "running", 1), (source.GetProperty("name").GetString(), source.GetProperty("state").GetString(), source.GetProperty("records").GetInt32()));
        Assert.Equal("log", status.GetProperty("rules")[0].GetProperty("action").GetString());
        Assert.True(status.GetProperty("memoryBytes").GetInt64() > 1_000_000);
    }

    [Fact]
    public async Task Status_ConfigurationThatWasBroken_SaysThatTheOldRulesStay()
    {
        await using Watcher watcher = await Watcher.StartAsync(_folder);
        Assert.Equal(JsonValueKind.Null, (await watcher.StatusAsync()).GetProperty("configurationError").ValueKind);

        _folder.Write("watcher.json", """{ "rules": [ { "action": "destroy" } ] }""");
        JsonElement broken = await watcher.WaitForAsync(status => status.GetProperty("configurationError").ValueKind == JsonValueKind.String);
        Assert.Contains("$.rules[0].action", broken.GetProperty("configurationError").GetString(), StringComparison.Ordinal);
        Assert.Equal("log", broken.GetProperty("rules")[0].GetProperty("action").GetString());
        Assert.Contains("not reloaded", (await Portia.RunInAsync(_folder.Path, "status")).Output, StringComparison.Ordinal);

        _folder.Write("watcher.json", """{ "rules": [ { "action": "notify" } ] }""");
        JsonElement mended = await watcher.WaitForAsync(status => status.GetProperty("configurationError").ValueKind == JsonValueKind.Null);
        Assert.Equal("notify", mended.GetProperty("rules")[0].GetProperty("action").GetString());
    }

    [Theory]
    [InlineData("what is this\n", "noRequest")]
    [InlineData("{\"schema\":\"portia.request/1\",\"do\":\"dance\"}\n", "unknown")]
    [InlineData("{\"schema\":\"portia.request/1\",\"do\":\"hook\"}\n", "noRequest")]
    [InlineData("{\"schema\":\"portia.request/1\",", "silent")]
    [InlineData("huge", "tooLarge")]
    public async Task Request_ThatIsNone_IsRefusedAndCounted(string request, string code)
    {
        await using Watcher watcher = await Watcher.StartAsync(_folder);

        string? answer = await Watcher.SendAsync(_folder.Path, request == "huge" ? Encoding.ASCII.GetBytes(new string('{', 1_000_000)) : Encoding.ASCII.GetBytes(request));

        Assert.StartsWith("{\"schema\":\"portia.", answer, StringComparison.Ordinal);
        JsonElement status = await watcher.StatusAsync();
        Assert.Equal(1, status.GetProperty("refused").GetProperty(code).GetInt32());
        Assert.Equal(0, status.GetProperty("counters").GetProperty("records").GetInt32());
    }

    [SkippableFact]
    public async Task Request_OfAnotherUser_IsRefusedAndCounted()
    {
        Server.Requires("setpriv", "python3");
        Server.RequiresThat(Environment.UserName == "root", "only root can become another user");
        await using Watcher watcher = await Watcher.StartAsync(_folder);
        // The modes keep others out; here they do not, so that the check of the peer is all there is.
        foreach (string path in (string[])[_folder.Path, Path.GetDirectoryName(watcher.Socket)!, watcher.Socket])
            File.SetUnixFileMode(path, (UnixFileMode)0b111_111_111);
        string script = _folder.Write("ask.py", $$"""
            import socket
            s = socket.socket(socket.AF_UNIX); s.connect("{{watcher.Socket}}"); s.send(b'{{Hook(3000)}}\n'); print(s.recv(200))
            """);

        await using Server other = Server.Start("/", "/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "/usr/bin/python3", script);
        await other.WaitForExitAsync();

        Assert.Contains("otherUser", other.Output, StringComparison.Ordinal);
        JsonElement status = await watcher.StatusAsync();
        Assert.Equal(1, status.GetProperty("refused").GetProperty("otherUser").GetInt32());
        Assert.Equal(0, status.GetProperty("counters").GetProperty("records").GetInt32());
    }

    [Fact]
    public async Task Clients_ThatHang_HoldUpNobody()
    {
        await using Watcher watcher = await Watcher.StartAsync(_folder);
        var hanging = new List<Socket>();
        try
        {
            for (int client = 0; client < 100; client++)
                hanging.Add(await Watcher.ConnectAsync(_folder.Path));

            await watcher.SendAsync(Hook(3000));

            await watcher.WaitForAsync(status => status.GetProperty("counters").GetProperty("incidents").GetInt32() == 1);
        }
        finally
        {
            hanging.ForEach(client => client.Dispose());
        }
    }

    private static string Hook(int port) => $$$"""{"schema":"portia.request/1","do":"hook","hook":{"address":"127.0.0.1","port":{{{port}}}}}""";
}
