using PortiaWatch.Control;
using PortiaWatch.Hooks;
using PortiaWatch.Pipeline;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.History;
using PortiaWatch.Rendering;

namespace PortiaWatch.Daemon;

/// <summary>What doctor checks on every system: configuration, log files, control socket, history.</summary>
internal sealed class OwnChecks(Composition composition, WatcherPulse watcher)
{
    public IEnumerable<PlatformCheck> All()
    {
        yield return Configuration();
        yield return LogFiles();
        yield return ControlSocket();
        if (NodeHook.Exists)
            yield return Hook();
        yield return History();
    }

    private PlatformCheck Configuration()
    {
        const string Name = "configuration";
        if (!File.Exists(composition.ConfigurationFile))
            return new(Name, CheckState.Works, $"{composition.Settings.Rules.Count} rules from {composition.Origin}; your own would be in {Words.Folder(composition.ConfigurationFile)}");
        ConfigResult result = composition.Reload(composition.ConfigurationFile);
        return result.IsValid
            ? new(Name, CheckState.Works, $"{result.Settings.Rules.Count} rules from {Words.Folder(result.Origin)}")
            : new(Name, CheckState.Missing, $"{result.Errors[0]}{(result.Errors.Count > 1 ? $" And {result.Errors.Count - 1} more." : "")}", "portia rules check");
    }

    private PlatformCheck LogFiles()
    {
        int named = composition.Settings.Sources.Files.Count + composition.Platform.DefaultFiles().Count;
        return named > 0
            ? new("log files", CheckState.Works, $"{named} {(named == 1 ? "path or pattern is" : "paths and patterns are")} followed.")
            : new("log files", CheckState.Works, "None are named. Servers that log into files are seen with \"sources\": { \"files\": [\"~/app/*.log\"] } in the configuration.");
    }

    private PlatformCheck ControlSocket()
    {
        const string Name = "control socket";
        if (watcher.IsAwake)
            return new(Name, CheckState.Works, $"The watcher answers (pid {watcher.Pid}).");
        if (watcher.IsThere)
            return new(Name, CheckState.Limited, $"The watcher{(watcher.Pid is { } pid ? $" (pid {pid})" : "")} does not answer; it is suspended or hangs.", watcher.Mend);

        try
        {
            RuntimeFolder.Prepare(composition.Platform);
            return new(Name, CheckState.Works, "No watcher answers now; one that starts would answer in " + Words.Folder(RuntimeFolder.SocketOn(composition.Platform)));
        }
        catch (ControlUnavailableException error)
        {
            return new(Name, CheckState.Limited, $"A watcher could not be asked for its status: {error.Message}.", "loginctl enable-linger   (gives you a runtime folder without a login)");
        }
    }

    // Code that runs in every program of Node: more than any other file it must be what it was.
    private PlatformCheck Hook()
    {
        const string Name = "node hook";
        FileOwnership ownership = Composition.OwnershipOn(composition.Platform);
        if (NodeHook.ObjectionToFolders(ownership) is { } folder)
            return new(Name, CheckState.Limited, folder);
        return NodeHook.Objection(ownership) is { } objection
            ? new(Name, CheckState.Limited, $"{Words.Folder(NodeHook.File)} {objection}; every program of Node that is started with it runs what it says.", "portia hook node")
            : new(Name, CheckState.Works, $"{Words.Folder(NodeHook.File)} is this version's own, and only you can change it.");
    }

    private PlatformCheck History()
    {
        const string Name = "history";
        try
        {
            using HistoryReader? history = composition.OpenHistory();
            if (history is null)
                return new(Name, CheckState.Works, $"Nothing is remembered yet; it would be in {Words.Folder(Composition.HistoryFile)}");
            HistoryEntry? last = history.Find(new HistoryQuery { Limit = 1, WithStories = false }).LastOrDefault();
            return new(Name, CheckState.Works, last is null ? "The history is empty." : $"The history can be read; its last incident has the number {last.Number}.");
        }
        catch (Exception error) when (error is UsageException or HistoryException)
        {
            return new(Name, CheckState.Limited, $"{error.Message.TrimEnd('.')}. The watcher goes on without it.", $"Look at {Words.Folder(Composition.HistoryFile)}");
        }
    }
}
