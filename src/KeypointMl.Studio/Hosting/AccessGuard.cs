using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using KeypointMl.Studio.Answers;
using Microsoft.AspNetCore.Http;

namespace KeypointMl.Studio.Hosting;

/// <summary>
/// Lets in who has the token, from a page of this server, under a name of this machine: another user, another site in the same
/// browser, and a name that a stranger's name server points here are refused.
/// </summary>
/// <param name="time">Tells how old a ticket is.</param>
internal sealed class AccessGuard(TimeProvider time)
{
    private const string BearerPrefix = "Bearer ";
    private static readonly string[] Names = ["127.0.0.1", "localhost"];

    private static readonly TimeSpan TicketLasts = TimeSpan.FromMinutes(1);

    // By ticket, when it was issued.
    private readonly ConcurrentDictionary<string, long> tickets = [];

    // Browsers give a cookie to every server of this machine's name, whatever its port: it must not be the token.
    private readonly string cookie = NewSecret();

    /// <summary>What the address holds: 256 random bits.</summary>
    public string Token { get; } = NewSecret();

    /// <summary>The port that the server listens at; nobody is let in before it is known.</summary>
    public int Port { get; set; }

    // Of several studios' cookies each finds its own.
    private string CookieName => $"keypointml-studio-{Port}";

    /// <summary>What lets one browser in, once and within a minute.</summary>
    public string IssueTicket()
    {
        string ticket = NewSecret();
        tickets[ticket] = time.GetTimestamp();
        return ticket;
    }

    /// <summary>Answers a request, or passes it on.</summary>
    public Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        SecurityHeaders.Add(http.Response.Headers);
        HttpRequest request = http.Request;
        if ((request.Host.Port ?? 80) != Port || !Names.Contains(request.Host.Host, StringComparer.OrdinalIgnoreCase))
        {
            return Answer.RefuseAsync(
                http, StatusCodes.Status421MisdirectedRequest, $"This server answers under http://127.0.0.1:{Port} alone.");
        }
        if (IsForeign(request))
            return Answer.RefuseAsync(http, StatusCodes.Status403Forbidden, "A page of another origin may not ask this server.");
        // A bearer's header is never sent by a browser on its own; a cookie is.
        bool isBearer = IsSecret(Token, Bearer(request));
        bool isFirst = request.Path == "/" && HttpMethods.IsGet(request.Method)
            && (IsSecret(Token, request.Query["token"]) || IsTicket(request));
        if (!isBearer && !isFirst && !IsSecret(cookie, request.Cookies[CookieName]))
        {
            return Answer.RefuseAsync(
                http, StatusCodes.Status401Unauthorized,
                "The token is missing or of an earlier start, or the address was for once and for a minute: "
                + "open the one that 'keypointml studio' printed.");
        }
        bool changes = !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method);
        if (changes && !isBearer && request.Headers.Origin.Count == 0)
            return Answer.RefuseAsync(http, StatusCodes.Status403Forbidden, "The request does not say which page it comes from (Origin).");
        if (isFirst)
        {
            http.Response.Cookies.Append(
                CookieName, cookie, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/", IsEssential = true });
        }
        return next(http);
    }

    // Where a browser says so. An address that is typed, or opened by another program, comes from nowhere.
    private static bool IsForeign(HttpRequest request)
    {
        if (request.Headers.Origin is { Count: > 0 } origin && origin != $"http://{request.Host}")
            return true;
        return request.Headers["Sec-Fetch-Site"] is [{ } site] && site is not ("same-origin" or "none")
            && !(request.Path == "/" && request.Headers["Sec-Fetch-Mode"] == "navigate");
    }

    private static string? Bearer(HttpRequest request) =>
        request.Headers.Authorization is [{ } value] && value.StartsWith(BearerPrefix, StringComparison.Ordinal)
            ? value[BearerPrefix.Length..]
            : null;

    private bool IsTicket(HttpRequest request) => request.Query["ticket"] is [{ } ticket]
        && tickets.TryRemove(ticket, out long issued) && time.GetElapsedTime(issued) < TicketLasts;

    private static string NewSecret() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    private static bool IsSecret(string secret, string? given) =>
        given is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(secret));
}

/// <summary>What browsers are told about every answer.</summary>
internal static class SecurityHeaders
{
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self'; "
        + "form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>Adds them.</summary>
    public static void Add(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers.CacheControl = "no-store";
    }
}
