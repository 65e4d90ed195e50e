using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace PortiaWatch.Web;

/// <summary>The secrets of one run: a token that opens the page once, the cookie that it is exchanged for, and the folder below which the cookie is sent. Thread-safe.</summary>
internal sealed class Session(int port)
{
    private readonly byte[] _token = NewSecret();
    private readonly byte[] _cookie = NewSecret();
    private int _isUsed;

    /// <summary>
    /// Where everything lives, with a slash at both ends. Browsers send a cookie to every port of a host; below a folder that nobody else knows, it never reaches another
    /// local server.
    /// </summary>
    public string Folder { get; } = $"/{Encoding.ASCII.GetString(NewSecret()[..22])}/";

    /// <summary>What is opened in the browser. Good for one visit.</summary>
    public string Address => $"http://127.0.0.1:{port}/?token={Encoding.ASCII.GetString(_token)}";

    public string CookieName { get; } = $"portia-{port}";

    public string SetCookie => $"{CookieName}={Encoding.ASCII.GetString(_cookie)}; Path={Folder}; HttpOnly; SameSite=Strict";

    public bool IsToken(string value) => IsEqual(value, _token);

    /// <summary>Uses the token up; true once.</summary>
    public bool Redeem() => Interlocked.Exchange(ref _isUsed, 1) == 0;

    public bool IsCookie(string? value) => value is not null && IsEqual(value, _cookie);

    // Takes as long for a nearly right guess as for a wrong one.
    private static bool IsEqual(string text, byte[] secret) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(text), secret);

    private static byte[] NewSecret() => Encoding.ASCII.GetBytes(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));
}
