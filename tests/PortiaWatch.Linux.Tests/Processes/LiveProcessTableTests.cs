using PortiaWatch.Linux.Processes;
using PortiaWatch.Linux.Tests.Support;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Tests.Processes;

public sealed class LiveProcessTableTests
{
    private readonly ProcessTable _table = new(TimeProvider.System);

    [SkippableFact]
    public async Task Describe_Child_HasEverything()
    {
        string folder = Directory.CreateTempSubdirectory("portia-project").FullName;
        Directory.CreateDirectory(Path.Join(folder, "deep"));
        await File.WriteAllTextAsync(Path.Join(folder, "package.json"), "{}");
        using Child child = Child.Python($"import os,sys;os.chdir({Quoted(Path.Join(folder, "deep"))});print(1);sys.stdin.read()", "an argument", "");
        await child.ReadLineAsync();

        ProcessFacts? facts = _table.Describe(child.Pid);
        Directory.Delete(folder, recursive: true);

        Assert.NotNull(facts);
        Assert.StartsWith("python3", facts.Name, StringComparison.Ordinal);
        Assert.Contains("python3", facts.Path, StringComparison.Ordinal);
        Assert.Equal("an argument", facts.Command?[4]);
        Assert.Equal(Path.Join(folder, "deep"), facts.WorkingDirectory);
        Assert.Equal(folder, facts.Project);
        Assert.Equal(_table.CurrentUser, facts.Uid);
        Assert.Equal(Environment.UserName, facts.User);
        Assert.Equal(Environment.ProcessId, facts.Parents[0].Pid);
        Assert.NotNull(facts.Identity.Image);
        Assert.InRange(TimeProvider.System.GetUtcNow() - facts.StartedAt!.Value, TimeSpan.FromSeconds(-0.02), TimeSpan.FromMinutes(1));
    }

    [SkippableFact]
    public async Task Identify_ExecOfTheSameProgram_ChangesTheImageOnly()
    {
        using Child child = Child.Python("import os,sys\nprint(1)\nsys.stdin.readline()\nos.execv(sys.executable, ['python3', '-u', '-c', 'import sys;print(2);sys.stdin.read()'])");
        await child.ReadLineAsync();
        ProcessIdentity? before = _table.Identify(child.Pid);
        await child.WriteLineAsync("go");
        await child.ReadLineAsync();
        ProcessIdentity? after = _table.Identify(child.Pid);

        Assert.NotNull(before);
        Assert.NotNull(after);
        Assert.Equal(before.Generation, after.Generation);
        Assert.NotEqual(before.Image, after.Image);
        Assert.Equal(after, _table.Identify(child.Pid));
    }

    [SkippableFact]
    public async Task Identify_Zombie_IsNobody()
    {
        using Child parent = Child.Python("import os,sys\np=os.fork()\nif p==0: os._exit(0)\nos.waitid(os.P_PID,p,os.WEXITED|os.WNOWAIT)\nprint(p)\nsys.stdin.read()");
        int zombie = int.Parse(await parent.ReadLineAsync(), System.Globalization.CultureInfo.InvariantCulture);

        Assert.True(Directory.Exists($"/proc/{zombie}"));
        Assert.Null(_table.Identify(zombie));
        Assert.Null(_table.Describe(zombie));
    }

    [SkippableFact]
    public async Task Descendants_GrandChildren_ComeAfterChildren()
    {
        using Child parent = Child.Python("import os,sys\nif os.fork()==0:\n  if os.fork()==0:\n    print(os.getppid(),os.getpid())\n  sys.stdin.read();os._exit(0)\nsys.stdin.read()");
        string[] pids = (await parent.ReadLineAsync()).Split(' ');

        Assert.Equal(pids, _table.Descendants(_table.Identify(parent.Pid)!).Select(identity => $"{identity.Pid}"));
    }

    [SkippableFact]
    public async Task IsAboveUs_EveryAncestorAndNobodyElse_IsTrue()
    {
        using Child child = Child.Python("print(1);input()");
        await child.ReadLineAsync();
        IReadOnlyList<ParentProcess> parents = _table.Describe(Environment.ProcessId)!.Parents;

        Assert.NotEmpty(parents);
        Assert.All(parents, parent => Assert.True(_table.IsAboveUs(parent.Pid)));
        Assert.False(_table.IsAboveUs(Environment.ProcessId));
        Assert.False(_table.IsAboveUs(child.Pid));
        Assert.False(_table.IsAboveUs(int.MaxValue));
    }

    [SkippableFact]
    public async Task EnvironmentVariable_OfAnotherProcess_IsRead()
    {
        using Child child = Child.Start("env", "PORTIA_SAMPLE=a=b", "python3", "-c", "import sys;print(1,flush=True);sys.stdin.read()");
        await child.ReadLineAsync();

        Assert.Equal("a=b", _table.EnvironmentVariable(child.Pid, "PORTIA_SAMPLE"));
        Assert.Null(_table.EnvironmentVariable(child.Pid, "PORTIA"));
    }

    [Fact]
    public void Describe_NobodyOrTheKernel_IsNullOrUnidentified()
    {
        Assert.Null(_table.Describe(0));
        Assert.Null(_table.Describe(-1));
        Assert.Null(_table.Describe(int.MaxValue));
        if (_table.Describe(2) is { Name: "kthreadd" } kernel)
            Assert.Null(kernel.Identity.Image);
    }

    [Fact]
    public void UserName_WithoutEntry_IsTheNumber() => Assert.Equal("3999999999", _table.UserName(3999999999));

    private static string Quoted(string text) => $"'{text}'";
}
