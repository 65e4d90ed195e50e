using PortiaWatch.Linux.Interop;
using PortiaWatch.Pipeline;

namespace PortiaWatch.Linux.Notifications;

/// <summary>Asks the desktop's notification service whether it shows buttons (GetCapabilities of the notifications specification).</summary>
/// <param name="capabilities">What was measured at the start.</param>
/// <param name="session">Differs from our environment in this (display, session bus).</param>
internal sealed class NotificationCheck(Capabilities capabilities, IReadOnlyDictionary<string, string?>? session = null)
{
    private const string Name = "notifications";
    private const string Service = "org.freedesktop.Notifications";
    private const string Path = "/org/freedesktop/Notifications";
    private const string Otherwise = "portia free PORT   (or answer in the terminal of: portia watch)";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public async Task<PlatformCheck> RunAsync(CancellationToken cancellation)
    {
        if (!capabilities.Has(Capability.NotifyWithButtons))
            return new PlatformCheck(Name, CheckState.Limited, capabilities.Limits[Capability.NotifyWithButtons], Otherwise);
        ShortRun? answer = ChildProcess.Find("gdbus") is { } gdbus
            ? await ShortRun.RunAsync(gdbus, ["call", "--session", "--timeout", "4", "--dest", Service, "--object-path", Path, "--method", Service + ".GetCapabilities"], Limit, session, cancellation)
            : await ShortRun.RunAsync(ChildProcess.Find("busctl"), ["--user", "--timeout=4", "call", Service, Path, Service, "GetCapabilities"], Limit, session, cancellation);
        return Judge(answer);
    }

    /// <param name="answer">Of gdbus or busctl, which quote the words of the list in their own ways; null when neither is installed.</param>
    internal static PlatformCheck Judge(ShortRun? answer) => answer switch
    {
        null => new PlatformCheck(Name, CheckState.Limited, "notify-send is there; whether your desktop shows buttons cannot be told without gdbus or busctl.", "portia demo"),
        { IsSuccess: false } => new PlatformCheck(Name, CheckState.Limited, "No notification service answers in this session, so nobody would see a question.", Otherwise),
        _ when answer.Output.Split('\'', '"').Contains("actions") => new PlatformCheck(Name, CheckState.Works, "Your desktop shows questions with their buttons."),
        _ => new PlatformCheck(Name, CheckState.Limited, "Your desktop shows notifications without buttons: you are told, and cannot answer there.", Otherwise),
    };
}
