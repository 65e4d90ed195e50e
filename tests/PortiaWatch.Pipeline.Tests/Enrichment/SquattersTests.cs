using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Enrichment;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.Enrichment;

public sealed class SquattersTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portia-squat-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Shipped_Table_ReadsWithoutErrorsAndIsTheFileInTheRepository()
    {
        (IReadOnlyList<SquatterEntry> entries, IReadOnlyList<ConfigError> errors) = SquatterReader.Read(Squatters.Shipped(), "squatters.json");
        Assert.Empty(errors);
        Assert.True(entries.Count > 30);
        Assert.Equal(entries.Count, entries.Select(e => (e.Name, e.System)).Distinct().Count());
        Assert.Equal(File.ReadAllBytes(RepositoryFile.PathOf("config", "squatters.json")), Squatters.Shipped());
    }

    [Theory]
    [InlineData("macos", 5000, "ControlCenter", null, null, "AirPlay Receiver", "AirDrop & Handoff")]
    [InlineData("macos", 7000, "ControlCe", null, null, "AirPlay Receiver", "use another port")]
    [InlineData("macos", 49152, "rapportd", "/usr/libexec/rapportd", null, "rapportd (Handoff)", "below 49152")]
    [InlineData("macos", 3000, "rapportd", "/Library/Rapport/bin/rapportd", null, "rapportd (IBM Trusteer)", "not Apple's")]
    [InlineData("macos", 8770, "sharingd", "/usr/libexec/sharingd", null, "sharingd (AirDrop)", "AirDrop")]
    [InlineData("macos", 49153, "remoted", null, null, "remoted", "devices")]
    [InlineData("macos", 22, "launchd", "/sbin/launchd", null, "launchd (socket activation)", "Sharing")]
    [InlineData("macos", 5900, "screensharingd", null, null, "Screen Sharing", "Sharing")]
    [InlineData("macos", 3283, "ARDAgent", null, null, "Screen Sharing", "Remote Management")]
    [InlineData("macos", 5353, "mDNSResponder", "/usr/sbin/mDNSResponder", null, "mDNSResponder", "cannot be unloaded")]
    [InlineData("macos", 631, "cupsd", null, null, "CUPS", "on demand")]
    [InlineData("macos", 80, "httpd", "/usr/sbin/httpd", null, "Apache of macOS", "sudo apachectl stop")]
    [InlineData("macos", 88, "kdc", "/System/Library/PrivateFrameworks/Heimdal.framework/Helpers/kdc", null, "part of macOS", "use another port")]
    [InlineData("macos", 8080, "com.docker.backend", null, null, "Docker Desktop", "docker ps --filter publish=8080")]
    [InlineData("linux", 8080, "docker-proxy", null, null, "docker-proxy", "docker ps --filter publish=8080")]
    [InlineData("linux", 8080, "rootlessport", null, null, "Podman", "podman ps --filter publish=8080")]
    [InlineData("macos", 6379, "redis-server", null, "homebrew", "Redis service", "stop it with: stop-it redis")]
    [InlineData("macos", 5432, "postgres", null, "homebrew", "PostgreSQL service", "stop it with: stop-it postgres")]
    [InlineData("linux", 5432, "postgres", null, "systemd", "PostgreSQL service", "stop it with: stop-it postgres")]
    [InlineData("linux", 3306, "mariadbd", null, "systemd", "MySQL service", "stop it with: stop-it mariadbd")]
    [InlineData("macos", 9000, "php-fpm", null, "homebrew", "PHP-FPM service", "stop it with")]
    [InlineData("macos", 1883, "mosquitto", null, "homebrew", "Homebrew service", "stop it with: stop-it mosquitto")]
    [InlineData("linux", 53, "systemd-resolve", null, null, "systemd-resolved", "DNSStubListener")]
    [InlineData("linux", 5353, "avahi-daemon", null, null, "Avahi", "mDNS")]
    [InlineData("linux", 2222, "systemd", null, null, "systemd (socket activation)", "list-sockets")]
    [InlineData("macos", 3000, "Code Helper (Plugin)", null, null, "VS Code", "Ports view")]
    [InlineData("linux", 3000, "code", null, null, "VS Code", "remote.autoForwardPorts")]
    [InlineData("linux", 63342, "java", null, null, "JetBrains built-in server", "Built-in server port")]
    [InlineData("linux", 5037, "adb", null, null, "adb", "adb kill-server")]
    [InlineData("linux", 8765, "adb", null, null, "adb", "adb kill-server")]
    [InlineData("macos", 8765, "logioptionsplus_agent", null, null, "Logi Options+", "8765")]
    [InlineData("macos", 8100, "WebDriverAgentRunner-Runner", null, null, "WebDriverAgent", "simctl")]
    [InlineData("macos", 8898, "InjectionIII", null, null, "InjectionIII", "quit")]
    [InlineData("macos", 9000, "ZscalerTunnel", null, null, "Zscaler", "another port")]
    [InlineData("macos", 29754, "vpnagentd", null, null, "Cisco Secure Client", "VPN")]
    [InlineData("linux", 17600, "dropbox", null, null, "Dropbox", "LAN sync")]
    [InlineData("macos", 14013, "WeChat", null, null, "WeChat", "quit")]
    [InlineData("linux", 2000, "autossh", null, null, "autossh", "autossh itself")]
    public void Find_KnownHolder_NamesItWithTheRightAdvice(string system, int port, string name, string? path, string? supervisor, string expected, string words)
    {
        Squatter? squatter = Find(Squatters.Load(system, null, Unexpected), name, port, path, supervisor);
        Assert.Equal(expected, squatter?.Name);
        Assert.Contains(words, squatter!.Advice, StringComparison.Ordinal);
        Assert.DoesNotContain("{", squatter.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("node", 3000, null)]
    [InlineData("node", 5000, null)]
    [InlineData("python3.12", 8000, null)]
    [InlineData("java", 8080, null)]
    [InlineData("postgres", 5432, null)]
    [InlineData("redis-server", 6379, null)]
    [InlineData("redis-server", 6379, "pm2")]
    [InlineData("node", 3000, "systemd")]
    [InlineData("ssh", 2000, null)]
    [InlineData("sshd", 2222, null)]
    [InlineData("nginx", 80, null)]
    [InlineData("codesys", 3000, null)]
    [InlineData("decode", 3000, null)]
    public void Find_OrdinaryProgram_IsNobodySpecial(string name, int port, string? supervisor)
    {
        Assert.Null(Find(Squatters.Load("linux", null, Unexpected), name, port, $"/usr/bin/{name}", supervisor));
        Assert.Null(Find(Squatters.Load("macos", null, Unexpected), name, port, $"/opt/homebrew/bin/{name}", supervisor));
    }

    [Fact]
    public void Find_EntryOfTheOtherSystem_DoesNotCount() => Assert.Null(Find(Squatters.Load("linux", null, Unexpected), "ControlCenter", 5000));

    [Fact]
    public void Find_StopCommand_IsTheEntrysOrTheSupervisors()
    {
        Squatters squatters = Squatters.Load("macos", null, Unexpected);
        Assert.Equal(["adb", "kill-server"], Find(squatters, "adb", 5037)!.StopCommand);
        Assert.Equal(["stop-it", "redis-server"], Find(squatters, "redis-server", 6379, supervisor: "homebrew")!.StopCommand);
        Assert.Empty(Find(squatters, "ControlCenter", 5000)!.StopCommand);
    }

    [Fact]
    public void Find_UsersEntry_ComesFirst()
    {
        string own = Write("""{ "squatters": [ { "name": "my node", "process": ["node"], "ports": [3000], "advice": "make stop (port {port})" }, { "name": "adb of mine", "process": ["adb"], "advice": "x" } ] }""");
        Squatters squatters = Squatters.Load("linux", own, Unexpected);
        Assert.Equal("make stop (port 3000)", Find(squatters, "node", 3000)?.Advice);
        Assert.Null(Find(squatters, "node", 3001));
        Assert.Equal("adb of mine", Find(squatters, "adb", 5037)?.Name);
    }

    [Theory]
    [InlineData("""{ "squatters": [ { "name": "x", "ports": [3000], "advice": "y" } ] }""", "fits every program")]
    [InlineData("""{ "squatters": [ { "process": ["x"], "advice": "y" } ] }""", "lacks \"name\"")]
    [InlineData("""{ "squatters": [ { "name": "x", "process": ["x"] } ] }""", "lacks \"advice\"")]
    [InlineData("""{ "squatters": [ { "name": "x", "process": ["x"], "advice": "y", "os": "mac" } ] }""", "did you mean \"macos\"?")]
    [InlineData("""{ "squatters": [ { "name": "x", "proces": ["x"], "path": ["/x"], "advice": "y" } ] }""", "did you mean \"process\"?")]
    [InlineData("{", "is not JSON")]
    public void Load_BadUserFile_ReportsItAndKeepsTheShippedTable(string json, string words)
    {
        var errors = new List<ConfigError>();
        Squatters squatters = Squatters.Load("linux", Write(json), errors.Add);
        Assert.Contains(words, Assert.Single(errors).Message, StringComparison.Ordinal);
        Assert.NotNull(Find(squatters, "adb", 5037));
    }

    [Fact]
    public void Load_NoUserFile_IsFine() => Assert.NotNull(Find(Squatters.Load("linux", Path.Combine(_folder.FullName, "none.json"), Unexpected), "adb", 5037));

    private string Write(string json)
    {
        string path = Path.Combine(_folder.FullName, "squatters.json");
        File.WriteAllText(path, json);
        return path;
    }

    private static void Unexpected(ConfigError error) => Assert.Fail(error.ToString());

    private static Squatter? Find(Squatters squatters, string name, int port, string? path = null, string? supervisor = null) => squatters.Find(
        Some.Process(name: name) with
        {
            Command = [name],
            Path = path,
            Supervisor = supervisor is null ? null : new Supervisor(supervisor, name, ["stop-it", name]),
        },
        Some.Tcp(port));
}
