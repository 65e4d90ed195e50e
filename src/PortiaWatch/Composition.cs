using System.CommandLine;
using Microsoft.Win32.SafeHandles;
using PortiaWatch.Daemon;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Enrichment;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Pipeline.History;
using PortiaWatch.Pipeline.Policies;
using PortiaWatch.Pipeline.Striking;
using Serilog;

namespace PortiaWatch;

/// <summary>The parts that verbs share, put together by hand.</summary>
internal sealed class Composition
{
    // How long a question stays open before it means "leave".
    private static readonly TimeSpan QuestionLimit = TimeSpan.FromMinutes(1);

    private static string StandardFile => Path.Combine(Folders.Configuration, "portia.json");

    /// <summary>The database of past incidents.</summary>
    public static string HistoryFile => Path.Combine(Folders.Data, "history.db");

    private Settings _current;

    private Composition(Platform platform, ConfigResult configuration, string file, bool isByHand)
    {
        ConfigurationFile = file;
        Platform = platform;
        _current = configuration.Settings ?? Settings.Default;
        Origin = configuration.Origin;
        var squatters = Squatters.Load(OperatingSystem.IsMacOS() ? "macos" : "linux", Path.Combine(Folders.Configuration, "squatters.json"), error => Console.Error.WriteLine(error), OwnershipOn(platform));
        var protection = new Protection(platform.Processes, (facts, endpoint) => squatters.Find(facts, endpoint)?.Advice);
        Lookup = new HolderLookup(
            platform.Sockets,
            platform.Processes,
            (facts, endpoint) => protection.Reason(facts, endpoint, Settings.Protect, isByHand),
            squatters.Find);
        Strike = new StrikeProtocol(platform.Sockets, platform.Processes, platform.Striker, TimeProvider.System, protection);
    }

    public Platform Platform { get; }

    /// <summary>The settings in force; <see cref="Use"/> replaces them as a whole.</summary>
    public Settings Settings => Volatile.Read(ref _current);

    /// <summary>The file that is read, or would be if it were there.</summary>
    public string ConfigurationFile { get; }

    /// <summary>Where the settings come from, for messages.</summary>
    public string Origin { get; private set; }

    /// <summary>Why the file's present text is not in force; null while it is.</summary>
    public string? Rejection { get; private set; }

    public HolderLookup Lookup { get; }

    public StrikeProtocol Strike { get; }

    /// <param name="parsed">For <c>--config</c>.</param>
    /// <param name="configurationMustBeValid">False for verbs that only look: they say what is wrong and go on with the defaults.</param>
    /// <param name="isByHand">A person names the targets; false for rules.</param>
    /// <param name="isLite">Look at no sockets and strike nobody, whatever the rights allow.</param>
    public static Composition Create(ParseResult parsed, bool configurationMustBeValid = false, bool isLite = false, bool isByHand = true) =>
        Create(parsed.GetValue(GlobalOptions.Config), configurationMustBeValid, isLite, isByHand);

    /// <summary>The same for a verb that reads its command line itself.</summary>
    /// <param name="named">The file of <c>--config</c>; null where there is none.</param>
    /// <param name="configurationMustBeValid">As above.</param>
    /// <param name="isLite">As above.</param>
    /// <param name="isByHand">As above.</param>
    /// <param name="refit">What a test puts around the system's parts.</param>
    public static Composition Create(string? named, bool configurationMustBeValid, bool isLite = false, bool isByHand = true, Func<Platform, Platform>? refit = null)
    {
        Platform platform = Platforms.Here();
        platform = refit?.Invoke(platform) ?? platform;
        ConfigResult configuration = ConfigLoader.LoadOrDefault(named, StandardFile, OwnershipOn(platform));
        if (!configuration.IsValid)
        {
            string errors = string.Join('\n', configuration.Errors);
            if (configurationMustBeValid || named is not null)
                throw new UsageException(errors);
            Console.Error.WriteLine($"{errors}\nGoing on with the built-in rules.");
        }

        return new Composition(isLite ? platform with { Sockets = new BlindSocketTable("Lite: it only detects and tells; who holds the port is not looked up.") } : platform, configuration, named ?? StandardFile, isByHand);
    }

    /// <summary>Puts other settings in force from now on.</summary>
    public void Use(Settings settings, string origin)
    {
        Origin = origin;
        Rejection = null;
        Volatile.Write(ref _current, settings);
    }

    /// <summary>Leaves the settings in force and remembers what is wrong with the new ones.</summary>
    public void Reject(ConfigResult result) => Rejection = string.Join("; ", result.Errors);

    /// <summary>Reads the configuration again, with the same suspicion as at the start.</summary>
    public ConfigResult Reload(string path) => ConfigLoader.Load(path, OwnershipOn(Platform));

    public Enricher NewEnricher() => new(Lookup, Platform.Processes, new PortInference(Platform.Sockets, Platform.Processes, Platform.OpenRegularFile));

    /// <summary>What remembers the incidents of this process. Opens nothing before the first one.</summary>
    public IncidentHistory NewHistory(ILogger log) => new(HistoryFile, () => Settings.HistoryKeep, Platform.Processes, TimeProvider.System, log);

    /// <summary>Null when there is no history yet. Throws <see cref="UsageException"/> when it cannot be read.</summary>
    public HistoryReader? OpenHistory()
    {
        try
        {
            return HistoryReader.Open(HistoryFile, Platform.Processes);
        }
        catch (HistoryException error)
        {
            throw new UsageException(error.Message, error);
        }
    }

    /// <summary>One policy for each action.</summary>
    /// <param name="notifier">Tells and asks.</param>
    /// <param name="settings">The settings in force when a strike is ordered.</param>
    /// <param name="isDryRun">Say what would be done; do nothing.</param>
    /// <param name="log">For defects.</param>
    /// <param name="questions">Where "leave" is answered from outside the notifier; null where it cannot be.</param>
    public PolicyDispatcher Policies(INotifier notifier, Func<Settings> settings, bool isDryRun, ILogger log, QuestionBook? questions = null)
    {
        TimeProvider time = TimeProvider.System;
        return new PolicyDispatcher(
            [
                new LogPolicy(time),
                new NotifyPolicy(notifier, time, isDryRun),
                new AskPolicy(notifier, StrikeAsync, QuestionLimit, time, isDryRun, questions),
                new KillPolicy(StrikeAsync, time),
                new ExecPolicy(Folders.Home, verdict => IncidentJson.ToUtf8(verdict, outcome: null), time, isDryRun),
            ],
            time,
            log);

        async Task<StrikeResult> StrikeAsync(Verdict verdict, CancellationToken cancellation)
        {
            int? contender = LiveContender(verdict.Incident);
            return StrikeOrders.Refusal(verdict.Incident, contender) ?? await Strike.RunAsync(StrikeOrders.For(verdict, settings(), isDryRun, contender), cancellation);
        }
    }

    /// <summary>Who owns a file, and whether reading it would end.</summary>
    public static FileOwnership OwnershipOn(Platform platform) =>
        new(platform.FileOwner, platform.Processes.CurrentUser) { IsRegular = platform.OpenRegularFile is { } open ? path => IsRegular(open, path) : null };

    private static bool IsRegular(Func<string, SafeFileHandle?> open, string path)
    {
        try
        {
            using SafeFileHandle? file = open(path);
            return file is not null;
        }
        catch (UnauthorizedAccessException)
        {
            // Why it cannot be read is said by whoever reads it.
            return true;
        }
    }

    /// <summary>The contender's pid while it lives: it selects the network namespace to look in.</summary>
    private int? LiveContender(Incident incident) =>
        incident.Contender?.Facts is { } facts && Platform.Processes.Identify(facts.Identity.Pid) == facts.Identity ? facts.Identity.Pid : null;
}
