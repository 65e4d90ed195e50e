using PortiaWatch.Interop;

namespace PortiaWatch.Running;

/// <summary>
/// What the command gets for its standard streams: a terminal of its own where we have one, else pipes, each kept apart and passed on to where ours
/// leads. Standard input is handed down as it is when there is no terminal of its own.
/// </summary>
internal sealed class ChildStreams : IDisposable
{
    private const int Output = 1;
    private const int Errors = 2;

    private readonly List<Descriptor> _ours = [];
    private Descriptor? _outputEnd;
    private Descriptor? _errorsEnd;

    private ChildStreams(PseudoTerminal? terminal) => Terminal = terminal;

    public PseudoTerminal? Terminal { get; }

    /// <summary>What is to be passed on: from, to, and a name for the stream.</summary>
    public List<(Descriptor From, int To, string Name)> Flows { get; } = [];

    /// <summary>
    /// True when our own standard error leads to a place of its own, which what the command writes there must reach apart from the rest.
    /// </summary>
    public static bool HasOwnErrors(bool onTerminal) => onTerminal ? Libc.isatty(Errors) == 0 : !LeadToTheSame();

    /// <param name="terminal">Belongs to the result from now on; null: pipes.</param>
    /// <param name="hasOwnErrors">Standard error goes through a pipe of its own.</param>
    public static ChildStreams Open(PseudoTerminal? terminal, bool hasOwnErrors)
    {
        var streams = new ChildStreams(terminal);
        try
        {
            if (terminal is not null)
                streams.Flows.Add((terminal.Master, Output, "terminal"));
            else
                streams._outputEnd = streams.AddPipe(Output, "output");
            if (hasOwnErrors)
                streams._errorsEnd = streams.AddPipe(Errors, "errors");
            return streams;
        }
        catch
        {
            streams.Dispose();
            throw;
        }
    }

    /// <summary>The writing ends are the command's alone from now on: without this its end would never show.</summary>
    public void CloseTheirEnds()
    {
        _outputEnd?.Dispose();
        _errorsEnd?.Dispose();
    }

    public unsafe void Describe(Libc.SpawnRoom* actions, byte* terminalName)
    {
        if (Terminal is not null)
        {
            // Opened after setsid and without O_NOCTTY: that makes it the controlling terminal.
            _ = Libc.posix_spawn_file_actions_addopen(actions, 0, terminalName, Libc.O_RDWR, 0);
            _ = Libc.posix_spawn_file_actions_adddup2(actions, 0, Output);
        }

        if (_outputEnd is { } output)
            _ = Libc.posix_spawn_file_actions_adddup2(actions, output.Number, Output);
        _ = Libc.posix_spawn_file_actions_adddup2(actions, _errorsEnd?.Number ?? Output, Errors);
    }

    public void Dispose()
    {
        CloseTheirEnds();
        foreach (Descriptor descriptor in _ours)
            descriptor.Dispose();
        Terminal?.Dispose();
    }

    // Two pipes would lose the order of what the command writes to one and the same place (2>&1).
    private static bool LeadToTheSame()
    {
        try
        {
            string? output = File.ResolveLinkTarget($"/proc/self/fd/{Output}", returnFinalTarget: false)?.FullName;
            return output is not null && output == File.ResolveLinkTarget($"/proc/self/fd/{Errors}", returnFinalTarget: false)?.FullName;
        }
        catch (IOException)
        {
            return false;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    private Descriptor AddPipe(int to, string name)
    {
        (Descriptor read, Descriptor write) = Libc.Pipe();
        _ours.Add(read);
        Libc.SetNonBlocking(read);
        Flows.Add((read, to, name));
        return write;
    }
}
