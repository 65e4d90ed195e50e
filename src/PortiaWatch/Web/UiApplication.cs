using System.Collections.Frozen;
using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using PortiaWatch.Daemon;
using PortiaWatch.Pipeline.History;

namespace PortiaWatch.Web;

/// <summary>Everything that is served, by its name below the session's folder. Kestrel calls this directly: there is no host, no container and no routing to start.</summary>
internal sealed class UiApplication : IHttpApplication<HttpContext>
{
    private readonly Gate _gate;
    private readonly Session _session;
    private readonly Presence _presence;
    private readonly Action<Exception> _report;
    private readonly FrozenDictionary<string, PageFile> _files = PageFile.ReadAll();
    private readonly FrozenDictionary<string, Func<HttpContext, Task>> _questions;
    private readonly FrozenDictionary<string, Func<HttpContext, Task>> _changes;

    /// <param name="composition">What the verbs share.</param>
    /// <param name="session">The secrets.</param>
    /// <param name="gate">Who gets in.</param>
    /// <param name="presence">Who stays.</param>
    /// <param name="configuration">The file that the user named; null for the standard one.</param>
    /// <param name="report">For defects.</param>
    public UiApplication(Composition composition, Session session, Gate gate, Presence presence, string? configuration, Action<Exception> report)
    {
        (_session, _gate, _presence, _report) = (session, gate, presence, report);
        var rules = new RuleDesk(composition);
        var incidents = new IncidentDesk(composition, rules);
        var ports = new PortDesk(composition);
        var stats = new StatsDesk(composition, TimeProvider.System);
        _questions = new Dictionary<string, Func<HttpContext, Task>>(StringComparer.Ordinal)
        {
            ["api/events"] = new EventDesk(composition, presence).AnswerAsync,
            ["api/status"] = new StateDesk(composition).AnswerAsync,
            ["api/incidents"] = incidents.ListAsync,
            ["api/incident"] = incidents.ShowAsync,
            ["api/ports"] = ports.ListAsync,
            ["api/holding"] = ports.FindAsync,
            ["api/stats"] = stats.FiguresAsync,
            ["api/stats.svg"] = stats.PictureAsync,
            ["api/rules"] = rules.ListAsync,
        }.ToFrozenDictionary(StringComparer.Ordinal);
        _changes = new Dictionary<string, Func<HttpContext, Task>>(StringComparer.Ordinal)
        {
            ["api/strike"] = new StrikeDesk(composition, isOwnConfiguration: configuration is not null).AnswerAsync,
            ["api/watch"] = new WatchDesk(new WatcherStart(composition.Platform, configuration)).AnswerAsync,
            ["api/leave"] = new LeaveDesk(composition).AnswerAsync,
        }.ToFrozenDictionary(StringComparer.Ordinal);
    }

    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    public void DisposeContext(HttpContext context, Exception? exception)
    {
        // Nothing of ours hangs on a request.
    }

    public async Task ProcessRequestAsync(HttpContext context)
    {
        Reply.Harden(context.Response.Headers);
        try
        {
            await AnswerAsync(context);
        }
        catch (Exception error) when (context.RequestAborted.IsCancellationRequested && error is OperationCanceledException or IOException)
        {
            // The page was closed.
        }
        catch (Exception error) when (error is HistoryException or UsageException && !context.Response.HasStarted)
        {
            await Reply.ErrorAsync(context.Response, StatusCodes.Status503ServiceUnavailable, "history", error.Message);
        }
#pragma warning disable CA1031 // The edge of the server: one request that fails must not end the others.
        catch (Exception error) when (!context.Response.HasStarted)
#pragma warning restore CA1031
        {
            _report(error);
            await Reply.ErrorAsync(context.Response, StatusCodes.Status500InternalServerError, "defect", "Something went wrong here; the terminal says what.");
        }
    }

    private Task AnswerAsync(HttpContext context)
    {
        switch (_gate.Admit(context.Request))
        {
            case Admission.Exchange:
                _presence.Note();
                context.Response.Headers.SetCookie = _session.SetCookie;
                return Reply.BytesAsync(context.Response, StatusCodes.Status200OK, "text/html; charset=utf-8", Encoding.UTF8.GetBytes(Welcome()));
            case Admission.Admitted:
                _presence.Note();
                return RouteAsync(context);
            default:
                return Reply.TextAsync(context.Response, StatusCodes.Status403Forbidden, "403. This page opens once, from: portia ui");
        }
    }

    private Task RouteAsync(HttpContext context)
    {
        string name = context.Request.Path.Value![_session.Folder.Length..];
        bool isChange = HttpMethods.IsPost(context.Request.Method);
        if ((isChange ? _changes : _questions).TryGetValue(name, out Func<HttpContext, Task>? desk))
            return desk(context);
        if (!isChange && _files.TryGetValue(name.Length == 0 ? "index.html" : name, out PageFile? file))
            return Reply.BytesAsync(context.Response, StatusCodes.Status200OK, file.Type, file.Bytes);
        return Reply.TextAsync(context.Response, StatusCodes.Status404NotFound, "404");
    }

    // Not a redirect: one that begins outside the browser or in another page would come without the strict cookie, a step of our own page brings it.
    // It names its icon, or the browser would ask for one where nothing is to be had.
    private string Welcome() => $"""<!doctype html><html lang="en"><meta charset="utf-8"><link rel="icon" href="{_session.Folder}icon.svg" type="image/svg+xml"><meta http-equiv="refresh" content="0;url={_session.Folder}"><title>Portia</title><a href="{_session.Folder}">Portia</a></html>""";
}
