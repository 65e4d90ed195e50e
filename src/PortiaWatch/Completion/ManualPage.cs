using System.CommandLine;
using System.Text;

namespace PortiaWatch.Completion;

/// <summary>The manual page, man(7): what the verbs say of themselves, and what holds for all of them.</summary>
internal static class ManualPage
{
    private const string Head = """
        .\" Written by "portia completion man"; do not edit by hand.
        .TH PORTIA 1 "2026-11-22" "PortiaWatch" "User Commands"
        .SH NAME
        portia \- see "address already in use" as it happens, name both sides, and
        free the port
        .SH SYNOPSIS
        .B portia
        .I VERB
        .RI [ OPTIONS ]
        .SH DESCRIPTION
        PortiaWatch watches the machine for programs that are refused a port, finds
        out who was refused and who holds the port, and does what your rules say: log
        it, tell you,
        ask "Strike?", or free the port by itself.
        It never stops a process that it has not looked at twice, and by default it
        stops nothing unasked.
        .PP
        Without a verb
        .B portia
        shows whether the watcher runs and what to try.
        A
        .I TARGET
        is a port (3000), an address with its port (127.0.0.1:3000, [::1]:3000), a udp
        port (udp/5353) or the path of a socket (/run/app.sock).
        .SH VERBS

        """;

    private const string Tail = """
        .SH EXIT STATUS
        .TP
        .B 0
        Done.
        .TP
        .B 1
        The answer is no: nobody holds it, nothing was found, something is limited.
        .TP
        .B 2
        The command line or the configuration is wrong.
        .TP
        .B 3
        Not permitted.
        .TP
        .B 4
        Refused for safety.
        .TP
        .B 5
        Still held, taken again, or broken.
        .SH FILES
        .TP
        .I ~/.config/portia/portia.json
        The rules; on macOS in ~/Library/Application Support/PortiaWatch. Every key is
        explained in docs/rules.md of the source.
        .TP
        .I ~/.config/portia/squatters.json
        Known port holders of your own, with advice.
        .TP
        .I ~/.config/systemd/user/portia.service
        Written by
        .BR "portia install" .
        .SH ENVIRONMENT
        .TP
        .B NO_COLOR
        No colours.
        .TP
        .BR XDG_CONFIG_HOME ", " XDG_STATE_HOME
        Where configuration and state are, in place of ~/.config and ~/.local/state.
        .SH SEE ALSO
        .BR ss (8),
        .BR lsof (8),
        .BR systemctl (1),
        .BR journalctl (1)

        """;

    public static string Text(RootCommand root)
    {
        var text = new StringBuilder(Head);
        foreach (Command verb in root.Subcommands.Where(verb => !verb.Hidden))
            Write(text, verb, verb.Name);
        text.Append(".SH OPTIONS OF EVERY VERB\n");
        foreach (Option option in root.Options.Where(option => option.Recursive && !option.Hidden))
            Write(text, option);
        return text.Append(Tail).ToString();
    }

    private static void Write(StringBuilder text, Command command, string name)
    {
        if (command.Subcommands.All(sub => sub.Hidden))
        {
            string arguments = string.Concat(command.Arguments.Where(argument => !argument.Hidden).Select(Usage));
            text.Append(".SS portia ").Append(Escape(name + arguments)).Append('\n').Append(Escape(command.Description ?? "")).Append('\n');
            foreach (Argument argument in command.Arguments.Where(argument => !argument.Hidden && argument.Description is not null))
                text.Append(".TP\n.I ").Append(Escape(argument.HelpName ?? argument.Name)).Append('\n').Append(Escape(argument.Description ?? "")).Append('\n');
            foreach (Option option in command.Options.Where(option => !option.Hidden))
                Write(text, option);
        }

        foreach (Command sub in command.Subcommands.Where(sub => !sub.Hidden))
            Write(text, sub, $"{name} {sub.Name}");
    }

    private static void Write(StringBuilder text, Option option)
    {
        string names = string.Join(", ", option.Aliases.Order(StringComparer.Ordinal).Prepend(option.Name));
        string value = option.Arity.MinimumNumberOfValues > 0 ? " " + (option.HelpName ?? "VALUE") : "";
        text.Append(".TP\n.B ").Append(Escape(names + value)).Append('\n').Append(Escape(option.Description ?? "")).Append('\n');
    }

    private static string Usage(Argument argument)
    {
        string name = argument.HelpName ?? argument.Name;
        if (argument.Arity.MaximumNumberOfValues > 1)
            name += "...";
        return argument.Arity.MinimumNumberOfValues == 0 ? $" [{name}]" : $" {name}";
    }

    // A backslash, a hyphen that must stay one, and a line that begins like a request (groff(7)). Everything beyond ASCII by its number, for old formatters.
    private static string Escape(string words)
    {
        var text = new StringBuilder();
        foreach (Rune rune in words.ReplaceLineEndings(" ").EnumerateRunes())
        {
            if (rune.Value == '\\')
                text.Append("\\e");
            else if (rune.Value == '-')
                text.Append("\\-");
            else if (rune.IsAscii)
                text.Append(rune.ToString());
            else
                text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\[u{rune.Value:X4}]");
        }

        return text.Length > 0 && text[0] is '.' or '\'' ? "\\&" + text : text.ToString();
    }
}
