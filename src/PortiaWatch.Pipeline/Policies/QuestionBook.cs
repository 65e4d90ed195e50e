using PortiaWatch.Pipeline.Events;

namespace PortiaWatch.Pipeline.Policies;

/// <summary>
/// Which questions are open and which were answered with "leave": nobody is asked the same thing twice at a time, or again and again by a program that keeps trying.
/// Thread-safe and bounded.
/// </summary>
public sealed class QuestionBook(TimeProvider time)
{
    private const int MostOpen = 3;
    private const int MostRemembered = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<Endpoint, Question> _open = [];
    private readonly List<Left> _left = [];

    /// <summary>After "leave", the same endpoint with the same holders is not asked about for this long.</summary>
    public static TimeSpan Quiet { get; } = TimeSpan.FromMinutes(10);

    /// <summary>Null when the question may be asked (and is open from now on); else why not, one plain sentence.</summary>
    /// <param name="incident">What is asked about.</param>
    /// <param name="leave">Called once, and not after <see cref="Close"/>, when the user answers elsewhere that the holder is to be left alone.</param>
    internal string? TryOpen(Incident incident, Action leave)
    {
        lock (_lock)
        {
            DateTimeOffset now = time.GetUtcNow();
            _left.RemoveAll(l => now - l.At >= Quiet);
            if (_open.ContainsKey(Key(incident.Endpoint)))
                return "You are being asked about this port already.";
            if (_left.Exists(l => l.Endpoint == Key(incident.Endpoint) && Holders(incident).SetEquals(l.Holders)))
                return "You said to leave this holder alone; it is not asked again for 10 minutes.";
            if (_open.Count >= MostOpen)
                return $"{MostOpen} questions are open already.";
            _open.Add(Key(incident.Endpoint), new Question(Holders(incident), leave));
            return null;
        }
    }

    /// <summary>The user has answered where it was asked. False when "leave" came from elsewhere before: then that is the answer.</summary>
    internal bool TryAnswer(Incident incident)
    {
        lock (_lock)
            return _open.TryGetValue(Key(incident.Endpoint), out Question? question) && question.TryAnswer();
    }

    internal void Close(Incident incident, bool isLeft)
    {
        lock (_lock)
        {
            _open.Remove(Key(incident.Endpoint));
            if (isLeft)
                Remember(incident.Endpoint, Holders(incident));
        }
    }

    /// <summary>The user said to leave these holders of the endpoint alone, in another place than where it was asked. True when that answered an open question; one that was answered already may be a strike by now.</summary>
    public bool Leave(Endpoint endpoint, IReadOnlyList<Holder> holders)
    {
        HashSet<ProcessIdentity?> left = Identities(holders);
        lock (_lock)
        {
            Remember(endpoint, left);
            if (!_open.TryGetValue(Key(endpoint), out Question? question) || !question.Holders.SetEquals(left) || !question.TryAnswer())
                return false;

            // Here, so that the question cannot close in between.
            question.Leave();
            return true;
        }
    }

    private void Remember(Endpoint endpoint, HashSet<ProcessIdentity?> holders)
    {
        if (_left.Count >= MostRemembered)
            _left.RemoveAt(0);
        _left.Add(new Left(Key(endpoint), holders, time.GetUtcNow()));
    }

    /// <summary>One port is one question, however the programs that want it spell the address.</summary>
    private static Endpoint Key(Endpoint endpoint) => endpoint with { Address = null, Transport = endpoint.Transport ?? Transport.Tcp };

    private static HashSet<ProcessIdentity?> Holders(Incident incident) => Identities(incident.Holders);

    private static HashSet<ProcessIdentity?> Identities(IReadOnlyList<Holder> holders) => [.. holders.Select(h => h.Process?.Identity)];

    private sealed class Question(HashSet<ProcessIdentity?> holders, Action leave)
    {
        private bool _isAnswered;

        public HashSet<ProcessIdentity?> Holders => holders;

        public void Leave() => leave();

        /// <summary>True for the first answer. Under the book's lock.</summary>
        public bool TryAnswer() => !_isAnswered && (_isAnswered = true);
    }

    private sealed record Left(Endpoint Endpoint, HashSet<ProcessIdentity?> Holders, DateTimeOffset At);
}
