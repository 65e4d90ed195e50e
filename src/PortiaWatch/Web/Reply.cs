using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace PortiaWatch.Web;

/// <summary>How answers are sent.</summary>
internal static class Reply
{
    public static Task TextAsync(HttpResponse response, int status, string text) => BytesAsync(response, status, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(text + "\n"));

    public static Task JsonAsync(HttpResponse response, Action<Utf8JsonWriter> fill, int status = StatusCodes.Status200OK) =>
        BytesAsync(response, status, "application/json", CleanJson.ToUtf8(fill));

    /// <summary><c>portia.error/1</c>, as the control socket has it.</summary>
    public static Task ErrorAsync(HttpResponse response, int status, string code, string sentence) => JsonAsync(
        response,
        json =>
        {
            json.WriteStartObject();
            json.WriteString("schema", Control.ControlError.CurrentSchema);
            json.WriteString("code", code);
            CleanJson.Write(json, "sentence", sentence);
            json.WriteEndObject();
        },
        status);

    public static async Task BytesAsync(HttpResponse response, int status, string type, ReadOnlyMemory<byte> bytes)
    {
        response.StatusCode = status;
        response.ContentType = type;
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, response.HttpContext.RequestAborted);
    }

    /// <summary>Nothing from elsewhere, nothing inline, nothing kept, nothing framed.</summary>
    public static void Harden(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()";
    }
}
