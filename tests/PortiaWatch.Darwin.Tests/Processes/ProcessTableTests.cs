using PortiaWatch.Darwin.Launchd;
using PortiaWatch.Darwin.Processes;
using PortiaWatch.Darwin.Tests.Support;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Darwin.Tests.Processes;

[Collection(World.Collection)]
public sealed class ProcessTableTests : IDisposable
{
    private readonly World _world = new();
    private readonly Dictionary<string, string> _launchd = [];
    private readonly ProcessTable _table;

    public ProcessTableTests() => _table = new ProcessTable(new LaunchdJobs(target => _launchd.GetValueOrDefault(target), TimeProvider.System), "/Users/dev");

    public void Dispose() => _world.Dispose();

    [StandInFact]
    public void Identify_ExecAndReuse_ChangesImageAndGeneration()
    {
        _world.Process(42);
        ProcessIdentity first = _table.Identify(42)!;
        _world.Exec(42);
        ProcessIdentity second = _table.Identify(42)!;
        _world.End(42);
        Assert.Null(_table.Identify(42));
        _world.Process(42);
        ProcessIdentity third = _table.Identify(42)!;

        Assert.Equal(first.Generation, second.Generation);
        Assert.NotEqual(first.Image, second.Image);
        Assert.NotEqual(second.Generation, third.Generation);
    }

    [StandInFact]
    public void Identify_Zombie_IsNull()
    {
        _world.Process(42);
        _world.MakeZombie(42);
        Assert.Null(_table.Identify(42));
    }

    [StandInFact]
    public void Describe_OwnProcess_TellsEverything()
    {
        string project = Directory.CreateTempSubdirectory("portia-").FullName;
        Directory.CreateDirectory(Path.Combine(project, ".git"));
        Directory.CreateDirectory(Path.Combine(project, "web"));
        _world.Process(1, "launchd", parent: 0, uid: 0);
        _world.Process(40, "zsh");
        _world.Process(42, "node", parent: 40, folder: Path.Combine(project, "web"));
        _world.Arguments(42, ["node", "server.js", "--port", "3000"], "PORT=3000", "EMPTY=");

        ProcessFacts facts = _table.Describe(42)!;
        Assert.Equal(("node", "/opt/homebrew/bin/node", World.User, "dev"), (facts.Name, facts.Path, facts.Uid!.Value, facts.User));
        Assert.Equal(["node", "server.js", "--port", "3000"], facts.Command!);
        Assert.Equal((Path.Combine(project, "web"), project), (facts.WorkingDirectory, facts.Project));
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1700000042250), facts.StartedAt);
        Assert.Equal([new ParentProcess(40, "zsh"), new ParentProcess(1, "launchd")], facts.Parents);
        Assert.Equal((false, null, null), (facts.IsOrphan, facts.Supervisor, facts.Application));
        Assert.Equal("3000", _table.EnvironmentVariable(42, "PORT"));
        Assert.Equal("", _table.EnvironmentVariable(42, "EMPTY"));
        Assert.Null(_table.EnvironmentVariable(42, "POR"));
        Directory.Delete(project, recursive: true);
    }

    [StandInFact]
    public void Describe_AnotherUsersProcess_TellsWhatEverybodyMayKnow()
    {
        _world.Process(1, "launchd", parent: 0, uid: 0);
        _world.Process(42, "postgres", uid: 0);
        _world.Arguments(42, ["postgres"], "SECRET=1");

        ProcessFacts facts = _table.Describe(42)!;
        Assert.Equal(("postgres", "/opt/homebrew/bin/postgres", 0u, "root"), (facts.Name, facts.Path, facts.Uid!.Value, facts.User));
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1700000042250), facts.StartedAt);
        Assert.Equal((null, null), (facts.Command, facts.WorkingDirectory));
        Assert.Null(_table.EnvironmentVariable(42, "SECRET"));
    }

    [StandInFact]
    public void Describe_SetuidProgram_TellsItsRealUser()
    {
        _world.Process(42, "sudo", uid: 0, real: World.User, saved: 0);
        Assert.Equal(World.User, _table.Describe(42)!.Uid);
    }

    [StandInFact]
    public void Describe_ExecWhileReading_MixesNoTwoPrograms()
    {
        _world.Process(42);
        int reads = 0;
        _world.OnCall = (call, pid, flavour) =>
        {
            if (call == "proc_pidpath" && pid == 42 && reads++ == 0)
                _world.Exec(42);
        };

        ProcessFacts facts = _table.Describe(42)!;
        Assert.Equal((2, _table.Identify(42)), (reads, facts.Identity));
    }

    [StandInFact]
    public void Describe_GoneOrZombie_IsNull()
    {
        _world.Process(42);
        _world.MakeZombie(42);
        Assert.Null(_table.Describe(42));
        Assert.Null(_table.Describe(43));
    }

    [StandInFact]
    public void Describe_ExecutableDeleted_TakesThePathFromTheArguments()
    {
        _world.Process(42, path: "");
        _world.Arguments(42, ["/old/place/node", "x.js"]);
        Assert.Equal("/old/place/node", _table.Describe(42)!.Path);
    }

    [StandInFact]
    public void Describe_ParentGoneAndNoJob_IsOrphan()
    {
        _world.Process(1, "launchd", parent: 0, uid: 0);
        _world.Process(42);
        Assert.True(_table.Describe(42)!.IsOrphan);
    }

    [StandInFact]
    public void Describe_HomebrewService_NamesItsFormulaAndStopVerb()
    {
        _world.Process(1, "launchd", parent: 0, uid: 0);
        _world.Process(876, "redis-server");
        _launchd["gui/501"] = LaunchctlSamples.Domain;

        ProcessFacts facts = _table.Describe(876)!;
        Assert.Equal(("homebrew", "redis"), (facts.Supervisor!.Kind, facts.Supervisor.Name));
        Assert.Equal(["brew", "services", "stop", "redis"], facts.Supervisor.StopCommand);
        Assert.False(facts.IsOrphan);
    }

    [StandInFact]
    public void Describe_ChildOfJobInItsProcessGroup_HasTheJobAsSupervisor()
    {
        _world.Process(1, "launchd", parent: 0, uid: 0);
        _world.Process(900, "sh");
        _world.Process(901, "node", parent: 900);
        _world.Group(901, 900);
        _launchd["gui/501"] = LaunchctlSamples.Domain;

        Supervisor supervisor = _table.Describe(901)!.Supervisor!;
        Assert.Equal(("launchd", "com.example.web"), (supervisor.Kind, supervisor.Name));
        Assert.Equal(["launchctl", "bootout", "gui/501/com.example.web"], supervisor.StopCommand);
    }

    [StandInFact]
    public void Describe_ShellInApplication_IsNobodysJob()
    {
        _world.Process(1, "launchd", parent: 0, uid: 0);
        _world.Process(700, "Terminal", path: "/System/Applications/Utilities/Terminal.app/Contents/MacOS/Terminal");
        _world.Process(710, "zsh", parent: 700);
        _world.Process(711, "node", parent: 710);
        _launchd["gui/501"] = LaunchctlSamples.Domain;

        Assert.Null(_table.Describe(711)!.Supervisor);
        Assert.Equal((null, false, "Terminal"), (_table.Describe(700)!.Supervisor, _table.Describe(700)!.IsOrphan, _table.Describe(700)!.Application));
    }

    [StandInFact]
    public void Describe_ChildOfNodemon_HasItAsSupervisor()
    {
        _world.Process(1, "launchd", parent: 0, uid: 0);
        _world.Process(40, "node");
        _world.Arguments(40, ["node", "/opt/homebrew/bin/nodemon", "app.js"]);
        _world.Process(41, "node", parent: 40);

        Assert.Equal("nodemon", _table.Describe(41)!.Supervisor?.Kind);
    }

    [StandInFact]
    public void Descendants_Tree_NearestFirstAndNoLoop()
    {
        _world.Process(40);
        _world.Process(41, parent: 40);
        _world.Process(42, parent: 41);
        _world.Process(43, parent: 40);
        _world.Process(50, parent: 1);

        Assert.Equal([41, 43, 42], _table.Descendants(_table.Identify(40)!).Select(p => p.Pid));
        Assert.Empty(_table.Descendants(_table.Identify(40)! with { Generation = 1 }));
    }

    [StandInFact]
    public void UserName_Unknown_IsTheNumber() => Assert.Equal(("root", "54321"), (_table.UserName(0), _table.UserName(54321)));
}
