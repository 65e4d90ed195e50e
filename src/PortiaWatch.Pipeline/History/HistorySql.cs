namespace PortiaWatch.Pipeline.History;

/// <summary>The sentences of <see cref="HistoryWriter"/>: every column is taken out of the incident's own JSON.</summary>
internal static class HistorySql
{
    private const string Columns = """
        INSERT INTO incident (id, first, last, count, kind, transport, address, port, path, contender, trust, sources, confirmed, action, rule, reason, outcome, ended, freed,
          story, ending, acting, writer_pid, writer_generation)
        SELECT s ->> '$.id', CAST(round(unixepoch(s ->> '$.collision.first', 'subsec') * 1000) AS INTEGER), CAST(round(unixepoch(s ->> '$.collision.last', 'subsec') * 1000) AS INTEGER),
          s ->> '$.collision.count', s ->> '$.collision.kind', s ->> '$.endpoint.transport', s ->> '$.endpoint.address', s ->> '$.endpoint.port', s ->> '$.endpoint.path',
          s ->> '$.contender.name', s ->> '$.collision.trust', s -> '$.collision.sources', s ->> '$.confirmed', s ->> '$.verdict.action', s ->> '$.verdict.rule',
          s ->> '$.verdict.reason', e ->> '$.kind', CAST(round(unixepoch(e ->> '$.at', 'subsec') * 1000) AS INTEGER),
          CASE WHEN e ->> '$.kind' IN ('freed', 'vanished') THEN CAST(round(unixepoch(e ->> '$.at', 'subsec') * 1000) AS INTEGER) END,
          json_set(s, '$.outcome', NULL), e, $acting, $pid, $generation
        FROM (SELECT $story AS s, $ending AS e)

        """;

    // A second verdict for the same incident is a stronger one, upon better evidence; what is known of repeats by then stays.
    public const string Begin = Columns + """
        WHERE TRUE
        ON CONFLICT (id) DO UPDATE SET last = max(last, excluded.last), count = max(count, excluded.count), kind = excluded.kind, transport = excluded.transport,
          address = excluded.address, port = excluded.port, path = excluded.path, contender = excluded.contender, trust = excluded.trust, sources = excluded.sources,
          confirmed = excluded.confirmed, action = excluded.action, rule = excluded.rule, reason = excluded.reason, outcome = NULL, ended = NULL, freed = NULL,
          story = excluded.story, ending = NULL, acting = acting + 1, writer_pid = excluded.writer_pid, writer_generation = excluded.writer_generation
        RETURNING number
        """;

    public const string Add = Columns + "WHERE TRUE ON CONFLICT (id) DO NOTHING RETURNING number";

    public const string Holders = """
        DELETE FROM holder WHERE incident = $number;
        INSERT INTO holder (incident, pid, name, command, folder, user, project, container, stop)
        SELECT $number, h.value ->> '$.pid', h.value ->> '$.name', h.value -> '$.command', h.value ->> '$.cwd', h.value ->> '$.user', h.value ->> '$.project',
          h.value ->> '$.container', h.value -> '$.supervisor.stop'
        FROM json_each($story, '$.holders') AS h
        """;

    // The outcome of a weaker verdict must not cover the stronger one that is still being carried out.
    public const string Complete = """
        UPDATE incident SET acting = max(0, acting - 1),
          outcome = CASE WHEN action = $action THEN $ending ->> '$.kind' ELSE outcome END,
          ended = CASE WHEN action = $action THEN $ended ELSE ended END,
          freed = CASE WHEN action <> $action THEN freed WHEN $ending ->> '$.kind' IN ('freed', 'vanished') THEN $ended END,
          ending = CASE WHEN action = $action THEN $ending ELSE ending END
        WHERE id = $id
        """;

    // Only where nothing was done to the holder, and nothing is being done: what was done must stay readable.
    public const string Leave = """
        UPDATE incident SET outcome = 'left', ended = $ended, ending = $ending
        WHERE id = $id AND acting = 0 AND outcome IN ('logged', 'notified', 'failed', 'dryRun', 'left')
        """;

    public const string Recount = """
        UPDATE incident SET last = max(last, $last), count = max(count, $count), sources = $sources, kind = $kind,
          story = json_set(story, '$.collision.count', max(count, $count), '$.collision.last', $lastText, '$.collision.sources', json($sources), '$.collision.kind', $kind)
        WHERE id = $id
        """;
}
