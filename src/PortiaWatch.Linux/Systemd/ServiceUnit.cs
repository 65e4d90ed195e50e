using PortiaWatch.Linux.Interop;

namespace PortiaWatch.Linux.Systemd;

/// <summary>A unit that we write, where it belongs, and the words about it.</summary>
internal sealed record ServiceUnit
{
    public required string Name { get; init; }

    /// <summary>Where the unit file goes.</summary>
    public required string Folder { get; init; }

    /// <summary>The target that starts it.</summary>
    public required string Target { get; init; }

    /// <summary>The unit file for a program: absolute path and arguments.</summary>
    public required Func<IReadOnlyList<string>, string> Text { get; init; }

    /// <summary>At the beginning of a sentence.</summary>
    public required string Subject { get; init; }

    /// <summary>Whose manager: <c>your systemd</c> or <c>systemd</c>.</summary>
    public required string Manager { get; init; }

    /// <summary>The command as a person types it.</summary>
    public required string Control { get; init; }

    /// <summary>Shows its log.</summary>
    public required string Log { get; init; }

    /// <summary>The command that installs it.</summary>
    public required string Install { get; init; }

    /// <summary>The command that does the same in the foreground, where no systemd is.</summary>
    public required string InForeground { get; init; }

    /// <summary>A sentence about when it starts.</summary>
    public required string Starts { get; init; }

    /// <summary>What an exit code of its own means, a sentence; null for those that mean nothing in particular.</summary>
    public required Func<string, string?> Meaning { get; init; }

    /// <summary>Why such a program must not be installed, and what to do instead; null when it may.</summary>
    public Func<IReadOnlyList<string>, (string Sentence, string NextStep)?> Objection { get; init; } = static _ => null;

    /// <summary>What else the user should know once it runs.</summary>
    public Func<string[]> Notes { get; init; } = static () => [];

    public string File => Path.Combine(Folder, Name);

    /// <summary>What "enable" makes; taken away by hand where no manager can be asked to.</summary>
    public string WantsLink => Path.Combine(Folder, Target + ".wants", Name);

    public string ByHand => $"{Control} daemon-reload && {Control} enable --now {Name}";

    /// <summary>The watcher in the user's session.</summary>
    public static ServiceUnit Watcher(SystemdSurroundings surroundings) => new()
    {
        Name = WatcherUnit.Name,
        Folder = surroundings.UnitFolder,
        Target = "default.target",
        Text = program => WatcherUnit.Text(program, surroundings.Environment, FileCapabilities.AreOn(program[0])),
        Subject = "The watcher",
        Manager = "your systemd",
        Control = "systemctl --user",
        Log = $"journalctl --user -u {WatcherUnit.Name} -n 20",
        Install = "portia install",
        InForeground = "portia watch",
        Starts = "It starts with your session.",
        Meaning = code => code switch
        {
            "2" => "It ended with 2: another watcher of yours runs already, or the configuration has an error (portia rules check).",
            "3" => "It ended with 3: it lacks the rights for the source that the configuration asks for (portia doctor).",
            _ => null,
        },

        // Without a login at the console there is no desktop to ask on, but rules that kill or log work as well.
        Notes = () => System.IO.File.Exists(Path.Combine("/var/lib/systemd/linger", surroundings.User))
            ? ["It also runs while you are not logged in: lingering is on for you."]
            : ["It ends when you log out. To keep it running without a login, as on a server: loginctl enable-linger"],
    };

    /// <summary>The sensor of the whole system.</summary>
    public static ServiceUnit Sensor(string folder) => new()
    {
        Name = SensorUnit.Name,
        Folder = folder,
        Target = "multi-user.target",
        Text = SensorUnit.Text,
        Subject = "The kernel sensor",
        Manager = "systemd",
        Control = "sudo systemctl",
        Log = $"journalctl -u {SensorUnit.Name} -n 20",
        Install = "sudo portia install --kernel",
        InForeground = "sudo portia watch --source kernel",
        Starts = "It starts with the system, and costs nothing while no watcher is connected.",
        Meaning = code => code switch
        {
            "2" => "It ended with 2: this kernel lets no program in (portia doctor says why).",
            "3" => "It ended with 3: it was not given the capabilities that the unit asks for.",
            _ => null,
        },
        Objection = static program => ProgramSafety.WeakPlace(program) is { } place
            ? ($"{place} can be changed by others than root, and who changes it would get the sensor's rights. Install the program where only root writes.", $"sudo install -m 0755 {program[0]} /usr/local/bin/portia && sudo /usr/local/bin/portia install --kernel")
            : null,
        Notes = static () => ["Watchers use it by themselves from their next start: each is told of its own user's programs only."],
    };
}
