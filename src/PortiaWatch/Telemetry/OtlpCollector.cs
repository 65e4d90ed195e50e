using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Http.Headers;

namespace PortiaWatch.Telemetry;

/// <summary>The other end of OTLP over HTTP. Whatever answers there, nothing is followed, stored or waited for beyond a few seconds, and no answer's body is read.</summary>
internal sealed class OtlpCollector : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http;
    private readonly Uri _base;

    /// <param name="address">Base address; <c>v1/metrics</c> and <c>v1/logs</c> are added to its path.</param>
    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The client disposes of its handler.")]
    public OtlpCollector(Uri address)
    {
        _base = new Uri(address.AbsoluteUri.TrimEnd('/') + "/");
        _http = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                UseProxy = !address.IsLoopback,
                ConnectTimeout = Patience,
                MaxConnectionsPerServer = 1,
                MaxResponseHeadersLength = 16,
                MaxResponseDrainSize = 64 * 1024,
            })
        {
            Timeout = Patience,
        };
    }

    public async Task<OtlpDelivery> SendAsync(string signal, byte[] body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_base, $"v1/{signal}")) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        try
        {
            using HttpResponseMessage answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);

            // The codes of the OTLP specification, "Failures".
            return answer.IsSuccessStatusCode ? OtlpDelivery.Taken
                : answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout ? OtlpDelivery.Later
                : OtlpDelivery.Refused;
        }
        catch (Exception error) when (error is HttpRequestException or IOException || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return OtlpDelivery.Later;
        }
    }

    public void Dispose() => _http.Dispose();
}
