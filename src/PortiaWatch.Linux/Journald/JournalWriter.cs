using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Linux.Journald;

/// <summary>Sends entries to journald: one datagram each (systemd's JOURNAL_NATIVE_PROTOCOL). Never waits; what journald has no room for is not written.</summary>
internal sealed class JournalWriter : IDisposable
{
    private const string SocketPath = "/run/systemd/journal/socket";

    private readonly Socket _socket;
    private readonly UnixDomainSocketEndPoint _journald;

    private JournalWriter(Socket socket, string path)
    {
        _socket = socket;
        _journald = new UnixDomainSocketEndPoint(path);
    }

    /// <summary>Null where no journald listens.</summary>
    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "Handed to the caller.")]
    public static JournalWriter? TryOpen(string path = SocketPath)
    {
        if (!File.Exists(path))
            return null;
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
        return new JournalWriter(socket, path);
    }

    /// <summary>False when it was not taken: journald is behind, or gone.</summary>
    public bool Write(Outcome outcome)
    {
        try
        {
            // Addressed anew each time: a connection would not survive journald's socket being made anew.
            byte[] entry = OutcomeEntry.ToBytes(outcome);
            return _socket.SendTo(entry, SocketFlags.None, _journald) == entry.Length;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public void Dispose() => _socket.Dispose();
}
