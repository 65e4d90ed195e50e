using System.Globalization;
using Microsoft.AspNetCore.Http;
using PortiaWatch.Pipeline.History;
using PortiaWatch.Plots;
using PortiaWatch.Rendering;

namespace PortiaWatch.Web;

/// <summary>What past incidents add up to: as figures for the page, and as the picture that <c>portia stats --svg</c> draws.</summary>
internal sealed class StatsDesk(Composition composition, TimeProvider time)
{
    private const int UsualDays = 30;
    private const int MostDays = 366;

    // What a page can show; a fork bomb of ports must not become a page of a hundred thousand rows.
    private const int MostRows = 200;

    /// <summary><c>portia.stats/1</c></summary>
    public Task FiguresAsync(HttpContext context)
    {
        HistoryStatistics statistics = Count(context.Request);
        return Reply.JsonAsync(context.Response, json => CleanJson.Copy(json, raw => StatsJson.Write(raw, statistics)));
    }

    public async Task PictureAsync(HttpContext context)
    {
        using var svg = new StringWriter();
        StatsSvg.Draw(svg, Count(context.Request));
        context.Response.Headers.ContentDisposition = "attachment; filename=\"port-collisions.svg\"";
        await Reply.BytesAsync(context.Response, StatusCodes.Status200OK, "image/svg+xml", System.Text.Encoding.UTF8.GetBytes(svg.ToString()));
    }

    private HistoryStatistics Count(HttpRequest request)
    {
        int days = int.TryParse(request.Query["days"], NumberStyles.None, CultureInfo.InvariantCulture, out int asked) ? Math.Clamp(asked, 1, MostDays) : UsualDays;
        DateTimeOffset now = time.GetLocalNow();
        DateTimeOffset since = new DateTimeOffset(now.Date, now.Offset).AddDays(1 - days);
        var count = new StatisticsCount(time.LocalTimeZone);
        using HistoryReader? history = composition.OpenHistory();
        foreach (HistoryEntry entry in history?.Find(new HistoryQuery { Since = since, WithStories = false }) ?? [])
            count.Add(entry);
        HistoryStatistics all = count.Complete(DateOnly.FromDateTime(since.DateTime), DateOnly.FromDateTime(now.DateTime));
        return all with { Ports = [.. all.Ports.Take(MostRows)], Programs = [.. all.Programs.Take(MostRows)] };
    }
}
