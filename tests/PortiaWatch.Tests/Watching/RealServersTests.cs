using System.Text.Json;
using PortiaWatch.Tests.Support;

namespace PortiaWatch.Tests.Watching;

/// <summary>Real servers that really collide, their words piped into <c>watch --source stdin</c>.</summary>
public sealed class RealServersTests
{
    [SkippableTheory]
    [InlineData("node")]
    [InlineData("nginx")]
    [InlineData("redis")]
    [InlineData("kestrel")]
    [InlineData("php")]
    [InlineData("postgres")]
    public async Task Watch_ServerOnATakenPort_GivesOneIncidentWithTheHolder(string name)
    {
        var collider = Collider.Named(name);
        Server.Requires([.. collider.Needs.Where(program => !program.Contains('|', StringComparison.Ordinal))]);
        if (name == "postgres")
            Server.RequiresThat(Directory.Exists("/usr/lib/postgresql") && (Environment.UserName != "root" || Server.IsInstalled("setpriv")), "postgresql not installed");
        using var first = new TemporaryFolder();
        using var second = new TemporaryFolder();
        int port = Server.FreePort();
        await using Server holder = await Server.Start(first.Path, collider.Program, collider.Arguments(first, port)).ListensOnAsync(port);
        await using Server refused = Server.Start(second.Path, collider.Program, collider.Arguments(second, port));
        await refused.WaitForExitAsync();

        Portia.Answer answer = await Portia.PipeAsync(refused.Output, "watch", "--source", "stdin", "--json");

        Assert.Equal(0, answer.ExitCode);
        JsonElement incident = Assert.Single(answer.JsonLines);
        Assert.Equal("portia.incident/1", incident.GetProperty("schema").GetString());
        Assert.Equal(port, incident.GetProperty("endpoint").GetProperty("port").GetInt32());
        Assert.Equal("held", incident.GetProperty("state").GetString());
        Assert.Equal(JsonValueKind.Null, incident.GetProperty("contender").ValueKind);
        Assert.False(incident.GetProperty("confirmed").GetBoolean());
        Assert.Contains(incident.GetProperty("holders").EnumerateArray(), one => one.GetProperty("pid").GetInt32() == holder.Pid);
        Assert.False(holder.HasExited);
    }

    [SkippableFact]
    public async Task Watch_MessageWithoutPort_SaysSoAndNamesNoHolder()
    {
        Server.Requires("python3");
        using var folder = new TemporaryFolder();
        int port = Server.FreePort();
        string[] serve = ["-m", "http.server", "--bind", "127.0.0.1", $"{port}"];
        await using Server holder = await Server.Start(folder.Path, "/usr/bin/python3", serve).ListensOnAsync(port);
        await using Server refused = Server.Start(folder.Path, "/usr/bin/python3", serve);
        await refused.WaitForExitAsync();
        Assert.Contains("Address already in use", refused.Output, StringComparison.Ordinal);

        JsonElement incident = Assert.Single((await Portia.PipeAsync(refused.Output, "watch", "--source", "stdin", "--json")).JsonLines);

        Assert.Equal(JsonValueKind.Null, incident.GetProperty("endpoint").GetProperty("port").ValueKind);
        Assert.Empty(incident.GetProperty("holders").EnumerateArray());
        Assert.Equal("unknown", incident.GetProperty("state").GetString());
        Assert.Contains("does not name the port", incident.GetProperty("limit").GetString(), StringComparison.Ordinal);
    }
}
