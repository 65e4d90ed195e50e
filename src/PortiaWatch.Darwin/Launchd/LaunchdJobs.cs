namespace PortiaWatch.Darwin.Launchd;

/// <summary>
/// Which pid is which launchd job, by <c>launchctl print</c>. A listing costs a child process, so it is kept for a moment: one incident asks several times. Thread-safe.
/// </summary>
/// <param name="print">Runs <c>launchctl print TARGET</c>; null when it failed.</param>
/// <param name="time">Clock for the age of a listing.</param>
internal sealed class LaunchdJobs(Func<string, string?> print, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, (long ReadAt, LaunchdJob[] Jobs)> _listings = [];

    /// <summary>The job whose main process is <paramref name="pid"/>; null when launchd knows none, or does not say.</summary>
    public LaunchdJob? Find(int pid, uint uid)
    {
        string[] domains = uid == 0 ? ["system"] : [$"gui/{uid}", $"user/{uid}", "system"];
        return domains.SelectMany(Jobs).FirstOrDefault(job => job.Pid == pid);
    }

    /// <summary>Everything in the user's graphical session and in the system domain.</summary>
    public IEnumerable<LaunchdJob> All(uint uid) => Jobs($"gui/{uid}").Concat(Jobs("system"));

    private LaunchdJob[] Jobs(string domain)
    {
        lock (_lock)
        {
            if (_listings.TryGetValue(domain, out (long ReadAt, LaunchdJob[] Jobs) listing) && time.GetElapsedTime(listing.ReadAt) < Fresh)
                return listing.Jobs;
            LaunchdJob[] jobs = print(domain) is { } output ? [.. LaunchctlText.Services(domain, output)] : [];
            _listings[domain] = (time.GetTimestamp(), jobs);
            return jobs;
        }
    }
}
