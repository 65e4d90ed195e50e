using System.Text.Json;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Watching;

/// <summary>How a watcher starts, goes on and ends.</summary>
public sealed class WatchLifeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Signals.Interrupt)]
    [InlineData(Signals.Terminate)]
    public async Task Watch_SignalWhileThePipeIsSilent_EndsInAnOrderlyWay(int signal)
    {
        await using Portia portia = Portia.Start("watch", "--source", "stdin", "--json");
        await portia.WaitForMessageAsync("watching");

        Signals.Send(portia.Pid, signal);

        Assert.Equal(0, await portia.WaitForExitAsync());
    }

    [Fact]
    public async Task Watch_LineOnStdin_IsPrintedWhileThePipeStaysOpen()
    {
        int port = Server.FreePort();
        await using Portia portia = Portia.Start("watch", "--source", "stdin", "--json");

        await portia.Input.WriteLineAsync($"listen tcp 127.0.0.1:{port}: bind: address already in use");
        await portia.Input.FlushAsync();

        JsonElement incident = JsonDocument.Parse(await portia.ReadLineAsync() ?? "").RootElement;
        Assert.Equal(port, incident.GetProperty("endpoint").GetProperty("port").GetInt32());
        Assert.Equal("free", incident.GetProperty("state").GetString());
    }

    [Fact]
    public async Task Watch_FileThatAppearsLater_IsFollowed()
    {
        string log = Path.Combine(_folder.Path, "app.log");
        string config = _folder.Write("portia.json", $$"""{ "sources": { "kernel": false, "systemLog": false, "files": ["{{log}}"] } }""");
        await using Portia portia = Portia.Start("watch", "--json", "--config", config);
        await portia.WaitForMessageAsync("does not exist yet");

        await File.WriteAllTextAsync(log, "listen tcp 127.0.0.1:5999: bind: address already in use\n");

        JsonElement incident = JsonDocument.Parse(await portia.ReadLineAsync() ?? "").RootElement;
        Assert.Equal(5999, incident.GetProperty("endpoint").GetProperty("port").GetInt32());
        Assert.Equal("file", incident.GetProperty("collision").GetProperty("sources")[0].GetString());
    }

    [Fact]
    public async Task Watch_NothingToRead_SaysWhatToDo()
    {
        string config = _folder.Write("portia.json", """{ "sources": { "kernel": false, "systemLog": false } }""");

        Portia.Answer answer = await Portia.RunAsync("watch", "--config", config);

        Assert.Equal(2, answer.ExitCode);
        Assert.Contains("--source stdin", answer.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_UnknownSource_NamesThoseThereAre()
    {
        Portia.Answer answer = await Portia.RunAsync("watch", "--source", "syslog");

        Assert.Equal(2, answer.ExitCode);
        Assert.Contains("stdin", answer.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_BrokenConfiguration_NamesPathLineAndColumn()
    {
        string config = _folder.Write("portia.json", "{\n  \"rules\": [ { \"actoin\": \"ask\" } ]\n}\n");

        Portia.Answer answer = await Portia.RunAsync("watch", "--source", "stdin", "--config", config);

        Assert.Equal(2, answer.ExitCode);
        Assert.Contains("$.rules[0]", answer.Messages, StringComparison.Ordinal);
        Assert.Contains("2:", answer.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_BrokenReload_KeepsTheRulesInForceAndSaysSo()
    {
        string config = _folder.Write("portia.json", """{ "rules": [ { "name": "first", "action": "log" } ] }""");
        await using Portia portia = Portia.Start("watch", "--source", "stdin", "--json", "--config", config);
        await portia.WaitForMessageAsync("watching");

        await File.WriteAllTextAsync(config, """{ "rules": [ { "name": "second", "action": "destroy" } ] }""");
        await portia.WaitForMessageAsync("$.rules[0].action");
        await portia.Input.WriteLineAsync("listen tcp 127.0.0.1:5998: bind: address already in use");
        await portia.Input.FlushAsync();
        JsonElement kept = JsonDocument.Parse(await portia.ReadLineAsync() ?? "").RootElement;
        Assert.Equal("first", kept.GetProperty("verdict").GetProperty("rule").GetString());

        await File.WriteAllTextAsync(config, """{ "rules": [ { "name": "third", "action": "log" } ] }""");
        await portia.WaitForMessageAsync("configuration reloaded");
        await portia.Input.WriteLineAsync("listen tcp 127.0.0.1:5997: bind: address already in use");
        await portia.Input.FlushAsync();
        JsonElement reloaded = JsonDocument.Parse(await portia.ReadLineAsync() ?? "").RootElement;
        Assert.Equal("third", reloaded.GetProperty("verdict").GetProperty("rule").GetString());
    }

    [Fact]
    public async Task Watch_HostileBytes_AreSurvived()
    {
        await using Portia portia = Portia.Start("watch", "--source", "stdin", "--json");
        Stream input = portia.Input.BaseStream;

        await input.WriteAsync(new byte[10_000_000]);
        await input.WriteAsync("\n"u8.ToArray());
        byte[] endless = new byte[1 << 20];
        endless.AsSpan().Fill((byte)'x');
        for (int megabyte = 0; megabyte < 10; megabyte++)
            await input.WriteAsync(endless);
        await input.WriteAsync(new byte[] { 0x0a, 0xff, 0xfe, 0xe4, 0x20, 0xe4, 0x0a });
        await input.WriteAsync("listen tcp 127.0.0.1:5996: bind: address already in use\n"u8.ToArray());
        await input.FlushAsync();

        JsonElement incident = JsonDocument.Parse(await portia.ReadLineAsync() ?? "").RootElement;
        Assert.Equal(5996, incident.GetProperty("endpoint").GetProperty("port").GetInt32());
    }

    [SkippableFact]
    public async Task Demo_MakesARealCollisionAndFreesThePort()
    {
        Portia.Answer answer = await Portia.RunAsync("demo", "--json");

        Assert.True(answer.ExitCode == 0, answer.Messages + answer.Output);
        JsonElement incident = Assert.Single(answer.JsonLines);
        Assert.True(incident.GetProperty("confirmed").GetBoolean());
        Assert.Equal("freed", incident.GetProperty("outcome").GetProperty("kind").GetString());
    }
}
