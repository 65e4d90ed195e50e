using System.Runtime.Versioning;
using System.Text;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.Policies;
using PortiaWatch.Pipeline.Tests.Rules;
using PortiaWatch.Pipeline.Tests.Support;

namespace PortiaWatch.Pipeline.Tests.Policies;

/// <summary>Real programs: small shell scripts in a folder of the test's own.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ExecPolicyTests : IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("portia-exec-");

    public void Dispose() => _home.Delete(recursive: true);

    [Fact]
    public async Task Apply_Program_GetsJsonArgumentsEnvironmentAndHome()
    {
        string script = Script("cat > got.json; printf '%s\\n' \"$PWD\" \"$1\" \"$2\" > got.txt; env | grep ^PORTIA_ | sort >> got.txt");
        Verdict verdict = Verdicts.Of(RuleAction.Exec, null, $"~/{Path.GetFileName(script)}", "a b; $(touch x)", "");

        Outcome outcome = await Exec().ApplyAsync(verdict, CancellationToken.None);

        Assert.Equal((OutcomeKind.Executed, $"{script} ran."), (outcome.Kind, outcome.Sentence));
        Assert.Equal("{\"id\":\"i1\"}\n", Read("got.json"));
        Assert.Equal(
            [
                _home.FullName, "a b; $(touch x)", "", "PORTIA_ACTION=exec", "PORTIA_CONFIRMED=1", "PORTIA_CONTENDER_PID=9001", "PORTIA_HOLDER_PID=77",
                "PORTIA_PORT=3000", "PORTIA_STATE=held", "PORTIA_TRANSPORT=tcp", "PORTIA_TRUST=system", "",
            ],
            Read("got.txt").Split('\n').Where(line => !IsOurOwn(line)));
    }

    // What this test run was started with is handed on as well.
    private static bool IsOurOwn(string line) => line.Contains('=', StringComparison.Ordinal) && Environment.GetEnvironmentVariable(line[..line.IndexOf('=', StringComparison.Ordinal)]) is not null;

    [Theory]
    [InlineData("exit 3", "ended with exit code 3.")]
    [InlineData("echo out; echo 'no such\tthing' >&2; exit 1", "ended with exit code 1: no such thing")]
    [InlineData("echo only out; exit 1", "ended with exit code 1: only out")]
    public async Task Apply_ProgramFails_SaysHowAndWhatItSaid(string body, string ending)
    {
        Outcome outcome = await Exec().ApplyAsync(Verdicts.Of(RuleAction.Exec, null, Script(body)), CancellationToken.None);
        Assert.Equal(OutcomeKind.Failed, outcome.Kind);
        Assert.EndsWith(ending, outcome.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Apply_ProgramThatFloodsAndNeverReads_StillEnds()
    {
        string script = Script("exec 0<&-; head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2; exit 0");
        var policy = new ExecPolicy(_home.FullName, _ => new byte[1_000_000], TimeProvider.System, isDryRun: false);
        Assert.Equal(OutcomeKind.Executed, (await policy.ApplyAsync(Verdicts.Of(RuleAction.Exec, null, script), CancellationToken.None)).Kind);
    }

    [Fact]
    public async Task Apply_ProgramLeavesADaemonBehind_IsNotWaitedForThatOne()
    {
        // The daemon keeps the pipes open and ends when its folder is gone.
        string script = Script("( while [ -e \"$0\" ]; do sleep 0.2; done ) & exit 0");
        Assert.Equal(OutcomeKind.Executed, (await Exec().ApplyAsync(Verdicts.Of(RuleAction.Exec, null, script), CancellationToken.None)).Kind);
    }

    [Fact]
    public async Task Apply_ProgramOverruns_IsLeftRunningAndKeepsItsPlace()
    {
        var time = new ManualTimeProvider();
        var policy = new ExecPolicy(_home.FullName, _ => [], time, isDryRun: false);
        string script = Script("while [ ! -e done ] && [ -e \"$0\" ]; do sleep 0.05; done");
        Verdict verdict = Verdicts.Of(RuleAction.Exec, null, script);

        Task<Outcome>[] running = [.. Enumerable.Range(0, ExecPolicy.MostRunning).Select(_ => policy.ApplyAsync(verdict, CancellationToken.None))];
        Outcome refused = await policy.ApplyAsync(verdict, CancellationToken.None);
        Assert.Contains("was not started", refused.Sentence, StringComparison.Ordinal);

        time.Advance(ExecPolicy.Limit);
        Assert.All(await Task.WhenAll(running), o => Assert.EndsWith("still runs after 30 s; it was left running.", o.Sentence, StringComparison.Ordinal));
        Assert.Contains("was not started", (await policy.ApplyAsync(verdict, CancellationToken.None)).Sentence, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(_home.FullName, "done"), "");
    }

    [Fact]
    public async Task Apply_MissingOrUnfitProgram_FailsWithAPlainSentence()
    {
        string plain = Path.Combine(_home.FullName, "plain.txt");
        await File.WriteAllTextAsync(plain, "no program");
        Assert.Equal("There is no program /nonexistent/tool.", await Failure("/nonexistent/tool"));
        Assert.Contains("could not be started", await Failure(plain), StringComparison.Ordinal);
        Assert.Contains("is not a full path", await Failure("tool"), StringComparison.Ordinal);
        Assert.Contains("names no program", await Failure(), StringComparison.Ordinal);

        async Task<string> Failure(params string[] command)
        {
            Outcome outcome = await Exec().ApplyAsync(Verdicts.Of(RuleAction.Exec, null, command), CancellationToken.None);
            Assert.Equal(OutcomeKind.Failed, outcome.Kind);
            return outcome.Sentence;
        }
    }

    [Fact]
    public async Task Apply_DryRun_RunsNothing()
    {
        string script = Script("touch ran");
        var policy = new ExecPolicy(_home.FullName, _ => [], TimeProvider.System, isDryRun: true);
        Outcome outcome = await policy.ApplyAsync(Verdicts.Of(RuleAction.Exec, null, script), CancellationToken.None);
        Assert.Equal((OutcomeKind.DryRun, $"Would have run {script}."), (outcome.Kind, outcome.Sentence));
        Assert.False(File.Exists(Path.Combine(_home.FullName, "ran")));
    }

    [Fact]
    public void Environment_HostileIncident_HoldsOnlyNumbersAndFixedWords()
    {
        Incident incident = Incidents.Confirmed(holder: Some.Process(name: "$(reboot)", folder: "/tmp/`x`"));
        Verdict verdict = Verdicts.Of(RuleAction.Exec, incident with { Endpoint = Some.Tcp(3000, "$(x)"), Id = "'; rm" });
        Assert.All(ExecEnvironment.Of(verdict), pair => Assert.All(pair.Value, c => Assert.True(char.IsAsciiLetterOrDigit(c))));
    }

    private ExecPolicy Exec() => new(_home.FullName, v => Encoding.UTF8.GetBytes($"{{\"id\":\"{v.Incident.Id}\"}}"), TimeProvider.System, isDryRun: false);

    private string Read(string name) => File.ReadAllText(Path.Combine(_home.FullName, name));

    private string Script(string body)
    {
        string path = Path.Combine(_home.FullName, $"{Guid.NewGuid():N}.sh");
        File.WriteAllText(path, $"#!/bin/sh\n{body}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
