namespace PortiaWatch.Pipeline.Events;

/// <summary>Somebody who will start a process again after it ends.</summary>
/// <param name="Kind"><c>systemd</c>, <c>launchd</c>, <c>homebrew</c>, <c>pm2</c>, <c>nodemon</c>, <c>foreman</c>, …</param>
/// <param name="Name">Unit, label or program name.</param>
/// <param name="StopCommand">The supervisor's own stop verb as an argv; empty where there is none to give.</param>
public sealed record Supervisor(string Kind, string Name, IReadOnlyList<string> StopCommand);
