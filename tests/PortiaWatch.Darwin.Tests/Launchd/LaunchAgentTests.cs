using System.Diagnostics;
using PortiaWatch.Darwin.Launchd;
using PortiaWatch.Darwin.Tests.Support;

namespace PortiaWatch.Darwin.Tests.Launchd;

[Collection(World.Collection)]
public sealed class LaunchAgentTests : IDisposable
{
    private const string Service = "gui/501/" + AgentPlist.Label;
    private static readonly string[] Program = ["/opt/homebrew/bin/portia", "watch", "--config", "/Users/d & v/<portia>.json"];

    // Knows whether the service is loaded, needs two looks for bootout to be done, as launchd does.
    private const string Launchd = """
        case "$1" in
        print) test -f "$HERE/leaving" && { rm "$HERE/leaving" "$HERE/loaded"; }
               test -f "$HERE/loaded" || { echo 'Could not find service' >&2; exit 113; }
               printf 'gui/501/x = {\n\tstate = running\n\tpid = 4711\n}\n';;
        bootout) touch "$HERE/leaving";;
        bootstrap) test -f "$HERE/loaded" && { echo 'Bootstrap failed: 5: Input/output error' >&2; exit 5; }
                   touch "$HERE/loaded";;
        enable) ;;
        print-disabled) printf '\tdisabled services = {\n\t\t"io.github.portiawatch.portia" => %s\n\t}\n' "$(cat "$HERE/switch" 2>/dev/null || echo enabled)";;
        esac
        """;

    private readonly World _world = new();
    private readonly string _home = Directory.CreateTempSubdirectory("portia-home-").FullName;
    private readonly StandInProgram _launchctl = new("launchctl", Launchd);

    public void Dispose()
    {
        _world.Dispose();
        _launchctl.Dispose();
        Directory.Delete(_home, recursive: true);
    }

    [StandInFact]
    public async Task Install_FirstTime_WritesThePlistAndBootstraps()
    {
        LaunchAgent agent = Agent();
        AgentReport report = await agent.InstallAsync(Program, CancellationToken.None);

        Assert.Equal((AgentState.Running, 4711), (report.State, report.Pid));
        Assert.Equal(Path.Combine(_home, "Library/LaunchAgents", AgentPlist.Label + ".plist"), agent.PropertyList);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead, File.GetUnixFileMode(agent.PropertyList));
        Assert.Equal(
            [$"print {Service}", $"enable {Service}", $"bootstrap gui/501 {agent.PropertyList}", $"print {Service}"],
            _launchctl.Runs.Select(run => string.Join(' ', run)));
    }

    [StandInFact]
    public async Task Install_AlreadyLoaded_WaitsForBootoutThenBootstraps()
    {
        await Agent().InstallAsync(Program, CancellationToken.None);
        int before = _launchctl.Runs.Count;

        Assert.Equal(AgentState.Running, (await Agent().InstallAsync(Program, CancellationToken.None)).State);
        Assert.Equal(["print", "bootout", "print", "enable", "bootstrap", "print"], _launchctl.Runs.Skip(before).Select(run => run[0]));
    }

    [StandInTheory]
    [InlineData(5)]
    [InlineData(37)]
    public async Task Install_LaunchdStillBusy_TriesAgain(int code)
    {
        using StandInProgram launchctl = new("launchctl", $$"""
            case "$1" in
            bootstrap) test -f "$HERE/busy" || { touch "$HERE/busy"; exit {{code}}; }; touch "$HERE/loaded";;
            print) test -f "$HERE/loaded" && echo 'pid = 5' || exit 113;;
            esac
            """);
        Assert.Equal(AgentState.Running, (await Agent(launchctl).InstallAsync(Program, CancellationToken.None)).State);
    }

    [StandInFact]
    public async Task Install_SwitchedOffInLoginItems_SaysWhereToSwitchItOn()
    {
        using StandInProgram launchctl = new("launchctl", """
            case "$1" in
            bootstrap) echo 'Bootstrap failed: 5: Input/output error' >&2; exit 5;;
            print) exit 113;;
            print-disabled) printf '\t"io.github.portiawatch.portia" => disabled\n';;
            esac
            """);
        AgentReport report = await Agent(launchctl).InstallAsync(Program, CancellationToken.None);
        Assert.Equal(AgentState.SwitchedOff, report.State);
        Assert.Contains("Login Items", report.NextStep);
    }

    [StandInFact]
    public async Task Install_LaunchdAcceptsButDoesNotLoad_IsNotCalledWell()
    {
        using StandInProgram launchctl = new("launchctl", "test \"$1\" = print && exit 113; exit 0");
        AgentReport report = await Agent(launchctl).InstallAsync(Program, CancellationToken.None);
        Assert.Equal((AgentState.NotLoaded, false), (report.State, report.IsWell));
        Assert.Contains("Login Items", report.NextStep);
    }

    [StandInFact]
    public async Task Install_Refused_ShowsLaunchdsWordsAndTheLint()
    {
        using StandInProgram launchctl = new("launchctl", "case \"$1\" in print) exit 113;; bootstrap) echo 'Bootstrap failed: 134: Service cannot load in requested session' >&2; exit 134;; esac");
        AgentReport report = await Agent(launchctl).InstallAsync(Program, CancellationToken.None);
        Assert.Contains("134: Service cannot load", report.Sentence);
        Assert.Contains("plutil -lint", report.NextStep);
    }

    [StandInFact]
    public async Task Uninstall_Installed_LeavesNothing()
    {
        LaunchAgent agent = Agent();
        await agent.InstallAsync(Program, CancellationToken.None);
        await File.WriteAllTextAsync(agent.ErrorFile, "crash");

        Assert.Equal(AgentState.NotInstalled, (await agent.UninstallAsync(CancellationToken.None)).State);
        Assert.Empty(Directory.GetFiles(_home, "*", SearchOption.AllDirectories));
        Assert.Equal(AgentState.NotInstalled, (await agent.StatusAsync(CancellationToken.None)).State);
        Assert.Equal(AgentState.NotInstalled, (await agent.UninstallAsync(CancellationToken.None)).State);
    }

    [StandInFact]
    public async Task Status_LoadedNotRunningOrSwitchedOff_IsToldApart()
    {
        LaunchAgent agent = Agent();
        await agent.InstallAsync(Program, CancellationToken.None);
        File.Delete(Path.Combine(_launchctl.Folder, "loaded"));
        Assert.Equal(AgentState.NotLoaded, (await agent.StatusAsync(CancellationToken.None)).State);
        await File.WriteAllTextAsync(Path.Combine(_launchctl.Folder, "switch"), "true");
        Assert.Equal(AgentState.SwitchedOff, (await agent.StatusAsync(CancellationToken.None)).State);
    }

    [StandInFact]
    public async Task Plist_ReadByPlistlib_HoldsWhatLaunchdNeeds()
    {
        LaunchAgent agent = Agent();
        await agent.InstallAsync(Program, CancellationToken.None);

        Assert.Equal(
            $$"""{"EnvironmentVariables": {"DOTNET_ROOT": "/opt/dotnet & co", "PATH": "/t/bin:/usr/bin:/bin:/usr/sbin:/sbin"}, "KeepAlive": {"SuccessfulExit": false}, "Label": "{{AgentPlist.Label}}", """
            + """ "LimitLoadToSessionType": "Aqua", "ProgramArguments": ["/opt/homebrew/bin/portia", "watch", "--config", "/Users/d & v/<portia>.json"], """.TrimStart()
            + $$"""
            "RunAtLoad": true, "StandardErrorPath": "{{agent.ErrorFile}}"}
            """,
            Plistlib(agent.PropertyList));
    }

    [StandInFact]
    public void Plist_Packaged_IsWhatInstallWrites()
    {
        string packaged = Path.Combine(AppContext.BaseDirectory, "packaging", AgentPlist.Label + ".plist");
        string written = AgentPlist.Text(["/opt/homebrew/bin/portia", "watch"], "/Users/YOU/Library/Application Support/PortiaWatch/launchd.err", [("PATH", "/opt/homebrew/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin")]);
        Assert.Equal(written, File.ReadAllText(packaged));
        Assert.StartsWith("{", Plistlib(packaged));
    }

    private LaunchAgent Agent(StandInProgram? launchctl = null) =>
        new(new Surroundings { Launchctl = (launchctl ?? _launchctl).Path, Home = _home, ToolFolders = ["/t/bin"], DotnetRoot = "/opt/dotnet & co" }, Path.Combine(_home, "state"));

    // Rejects what is no property list, unlike plistutil, which prints an error and succeeds.
    private static string Plistlib(string file)
    {
        ProcessStartInfo start = new("python3", ["-c", "import plistlib,json,sys; print(json.dumps(plistlib.load(open(sys.argv[1],'rb')), sort_keys=True))", file])
        {
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output.Trim();
    }
}
