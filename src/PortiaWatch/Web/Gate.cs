using Microsoft.AspNetCore.Http;

namespace PortiaWatch.Web;

/// <summary>
/// Lets in nobody but the page that the user opened. Other programs of this machine, other pages in the same browser and names that are made to point here (DNS rebinding)
/// all come through the same port.
/// </summary>
/// <param name="port">The one that is served.</param>
/// <param name="session">The secrets.</param>
/// <param name="isStranger">Whether the program at that local port, the other end of a connection, is known to belong to another user.</param>
internal sealed class Gate(int port, Session session, Func<int, bool> isStranger)
{
    /// <summary>Pages of other origins cannot send it without a question that is never answered.</summary>
    public const string Header = "X-Portia";

    public Admission Admit(HttpRequest request)
    {
        string host = request.Headers.Host.ToString();
        if (host != $"127.0.0.1:{port}" && host != $"localhost:{port}")
            return Admission.Refused;
        bool isChange = HttpMethods.IsPost(request.Method);
        if (!isChange && !HttpMethods.IsGet(request.Method))
            return Admission.Refused;
        if (!isChange && request.Path == "/" && request.Query["token"] is [{ } token])
            return IsExchange(request, token) ? Admission.Exchange : Admission.Refused;
        return IsOfThePage(request, host, isChange) && session.IsCookie(request.Cookies[session.CookieName]) && request.Path.Value?.StartsWith(session.Folder, StringComparison.Ordinal) == true
            ? Admission.Admitted
            : Admission.Refused;
    }

    // Other users see the command line that opens the browser, and the token in it. A browser that fetches an address before anybody has followed it would use the token up.
    private bool IsExchange(HttpRequest request, string token) =>
        !request.Headers["Sec-Purpose"].ToString().Contains("prefetch", StringComparison.Ordinal)
        && session.IsToken(token) && !isStranger(request.HttpContext.Connection.RemotePort) && session.Redeem();

    private static bool IsOfThePage(HttpRequest request, string host, bool isChange)
    {
        bool isNamed = request.Headers.Origin is [_, ..];
        if (isNamed && request.Headers.Origin.ToString() != $"http://{host}")
            return false;

        // For a browser another port is the same site, so the cookie alone does not tell.
        if (request.Headers["Sec-Fetch-Site"] is [{ } from] && from is not ("same-origin" or "none"))
            return false;
        return !isChange || (isNamed && request.Headers[Header] == "1" && request.ContentType == "application/json");
    }
}
