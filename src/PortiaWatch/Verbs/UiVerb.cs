using System.CommandLine;
using PortiaWatch.Pipeline.Configuration;
using PortiaWatch.Pipeline.Events;
using PortiaWatch.Rendering;
using PortiaWatch.Web;
using Spectre.Console;

namespace PortiaWatch.Verbs;

/// <summary><c>portia ui</c>: a page of this machine for this user's browser, served by a process of its own for as long as somebody looks.</summary>
internal static class UiVerb
{
    private static readonly TimeSpan UsualIdle = TimeSpan.FromMinutes(15);

    private static readonly Option<bool> NoOpen = new("--no-open") { Description = "Print the address; open no browser." };
    private static readonly Option<string?> Idle = new("--idle") { Description = "End when no page has been open for so long (15m).", HelpName = "TIME" };

    public static Command Create()
    {
        var command = new Command("ui", "Show ports, incidents and rules as a page in the browser, and strike from there.") { NoOpen, Idle };
        command.SetAction(async (parsed, _) =>
        {
            using var stop = new StopRequest();
            return await RunAsync(parsed, stop.Token);
        });
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken stop)
    {
        TimeSpan idle = parsed.GetValue(Idle) is { } text ? ReadDuration(text) : UsualIdle;
        var composition = Composition.Create(parsed);
        var terminal = new Terminal(parsed);
        var presence = new Presence(idle, TimeProvider.System);
        await using var server = new UiServer();
        var session = new Session(server.Port);
        var gate = new Gate(server.Port, session, IsStranger);
        await server.StartAsync(
            new UiApplication(composition, session, gate, presence, parsed.GetValue(GlobalOptions.Config), error => Console.Error.WriteLine(error)), stop);
        Announce(terminal, session.Address, isOpen: !parsed.GetValue(NoOpen) && Browser.TryOpen(session.Address), idle);
        try
        {
            await presence.WaitForAbsenceAsync(stop);
            terminal.Messages.Write(new Text("Nobody has looked for a while, so this ends. Open it again with: portia ui\n"));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Ctrl-C is the usual end.
        }

        return ExitCode.Done;

        bool IsStranger(int port) => composition.Platform.Sockets.Blocking(new Endpoint { Transport = Transport.Tcp, Address = "127.0.0.1", Port = port }).Owners
            .Any(owner => owner.Uid is { } uid && uid != composition.Platform.Processes.CurrentUser);
    }

    private static void Announce(Terminal terminal, string address, bool isOpen, TimeSpan idle)
    {
        if (terminal.IsJson)
        {
            JsonLines.Write(terminal.RawAnswers, json =>
            {
                json.WriteStartObject();
                json.WriteString("schema", "portia.ui/1");
                json.WriteString("address", address);
                json.WriteBoolean("opened", isOpen);
                json.WriteEndObject();
            });
            return;
        }

        if (!isOpen)
        {
            terminal.RawAnswers.WriteLine(address);
            terminal.RawAnswers.Flush();
        }

        string first = isOpen ? "The page is open in your browser." : "Open this address in your browser; it works once.";
        terminal.Messages.Write(new Text($"{first} It is served until Ctrl-C, or until no page has been open for {DurationText.Of(idle)}.\n"));
    }

    private static TimeSpan ReadDuration(string text) => DurationText.TryParse(text, out TimeSpan duration) && duration > TimeSpan.Zero
        ? duration
        : throw new UsageException($"\"{PlainText.Clean(text, 40)}\" is no time span. Write {DurationText.Forms}.");
}
