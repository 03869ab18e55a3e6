using System.Net;
using System.Net.Sockets;
using KeypointMl.Studio.Hosting;
using Microsoft.AspNetCore.Http;

namespace KeypointMl.Studio.Tests.Hosting;

/// <summary>Who is let in.</summary>
[TestClass]
public sealed class AccessTests
{
    [TestMethod]
    [DataRow("/")]
    [DataRow("/api/session")]
    [DataRow("/api/frame?file=0/dots.png")]
    [DataRow("/?token=00000000000000000000000000000000")]
    [DataRow("/app.js")]
    public async Task Request_without_the_token_is_refused(string path)
    {
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync();

        using HttpResponseMessage answer = await studio.Stranger.GetAsync(path);

        Assert.AreEqual(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("keypointml studio", await answer.Content.ReadAsStringAsync());
    }

    [TestMethod]
    public async Task Address_gives_a_strict_cookie_that_lets_the_page_in()
    {
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync();

        using HttpResponseMessage page = await studio.Stranger.GetAsync(studio.Server.Address);
        string cookie = page.Headers.GetValues("Set-Cookie").Single();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/session");
        request.Headers.Add("Cookie", cookie.Split(';')[0]);
        using HttpResponseMessage answer = await studio.Stranger.SendAsync(request);

        Assert.AreEqual(HttpStatusCode.OK, page.StatusCode);
        Assert.DoesNotContain(studio.Token, cookie);
        Assert.Contains("samesite=strict", cookie);
        Assert.Contains("httponly", cookie);
        Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode);
    }

    [TestMethod]
    public async Task Address_for_a_program_lets_in_once()
    {
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync();
        Uri address = studio.Server.IssueAddress();

        using HttpResponseMessage elsewhere = await studio.Stranger.GetAsync(new Uri(address, $"/api/session{address.Query}"));
        using HttpResponseMessage first = await studio.Stranger.GetAsync(address);
        using HttpResponseMessage second = await studio.Stranger.GetAsync(address);

        Assert.DoesNotContain(studio.Token, address.AbsoluteUri);
        Assert.AreEqual(HttpStatusCode.Unauthorized, elsewhere.StatusCode);
        Assert.AreEqual(HttpStatusCode.OK, first.StatusCode);
        Assert.IsTrue(first.Headers.Contains("Set-Cookie"));
        Assert.AreEqual(HttpStatusCode.Unauthorized, second.StatusCode);
        Assert.IsFalse(second.Headers.Contains("Set-Cookie"));
    }

    [TestMethod]
    [DataRow(30, true)]
    [DataRow(61, false)]
    public async Task Address_for_a_program_lets_in_within_a_minute(int seconds, bool isLetIn)
    {
        var time = new SetTime();
        var guard = new AccessGuard(time) { Port = 80 };
        var http = new DefaultHttpContext();
        http.Request.Method = "GET";
        http.Request.Host = new HostString("127.0.0.1");
        http.Request.Path = "/";
        http.Request.QueryString = new QueryString($"?ticket={guard.IssueTicket()}");

        time.Seconds = seconds;
        bool isIn = false;
        await guard.InvokeAsync(http, _ =>
        {
            isIn = true;
            return Task.CompletedTask;
        });

        Assert.AreEqual(isLetIn, isIn);
    }

    [TestMethod]
    public async Task Cookie_is_no_token_and_the_token_is_no_cookie()
    {
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync();
        string[] cookie = (await CookieAsync(studio)).Split('=');
        using var bearer = new HttpRequestMessage(HttpMethod.Get, "/api/session");
        bearer.Headers.Authorization = new("Bearer", cookie[1]);
        using var token = new HttpRequestMessage(HttpMethod.Get, "/api/session");
        token.Headers.Add("Cookie", $"{cookie[0]}={studio.Token}");

        foreach (HttpRequestMessage request in (HttpRequestMessage[])[bearer, token])
        {
            using HttpResponseMessage answer = await studio.Stranger.SendAsync(request);
            Assert.AreEqual(HttpStatusCode.Unauthorized, answer.StatusCode);
        }
    }

    [TestMethod]
    public async Task Token_in_the_address_of_anything_but_the_page_is_refused()
    {
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync();

        using HttpResponseMessage answer = await studio.Stranger.GetAsync($"/api/session?token={studio.Token}");

        Assert.AreEqual(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [TestMethod]
    [DataRow("evil.example")]
    [DataRow("evil.example:{port}")]
    [DataRow("127.0.0.1:1")]
    [DataRow("127.0.0.1")]
    [DataRow("127.0.0.1.evil.example:{port}")]
    public async Task Another_host_is_refused_with_the_token_too(string host)
    {
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/session");
        request.Headers.Host = host.Replace("{port}", $"{studio.Server.Address.Port}", StringComparison.Ordinal);

        using HttpResponseMessage answer = await studio.Client.SendAsync(request);

        Assert.AreEqual(HttpStatusCode.MisdirectedRequest, answer.StatusCode);
    }

    [TestMethod]
    [DataRow("Origin", "https://evil.example")]
    [DataRow("Origin", "null")]
    [DataRow("Origin", "http://127.0.0.1:1")]
    [DataRow("Sec-Fetch-Site", "cross-site")]
    [DataRow("Sec-Fetch-Site", "same-site")]
    public async Task Another_origin_is_refused_with_the_token_too(string header, string value)
    {
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/session");
        request.Headers.Add(header, value);

        using HttpResponseMessage answer = await studio.Client.SendAsync(request);

        Assert.AreEqual(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [TestMethod]
    public async Task Change_by_cookie_needs_the_own_origin()
    {
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync();

        Assert.AreEqual(HttpStatusCode.Forbidden, await StopAsync(studio, origin: null));
        Assert.AreEqual(HttpStatusCode.OK, await StopAsync(studio, studio.Server.Address.GetLeftPart(UriPartial.Authority)));
    }

    [TestMethod]
    [DataRow("/")]
    [DataRow("/api/media?file=9/nothing.png")] // refused
    public async Task Answers_forbid_foreign_scripts_and_frames(string path)
    {
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync();

        using HttpResponseMessage answer = await studio.Client.GetAsync(path);

        string policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'none'", policy);
        Assert.Contains("frame-ancestors 'none'", policy);
        Assert.DoesNotContain("unsafe", policy);
        Assert.AreEqual("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.IsFalse(answer.Headers.Contains("Server"));
    }

    [TestMethod]
    public async Task Server_listens_on_this_machine_alone()
    {
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync();
        IPAddress? other = (await Dns.GetHostAddressesAsync(Dns.GetHostName()))
            .FirstOrDefault(address => !IPAddress.IsLoopback(address) && address.AddressFamily == AddressFamily.InterNetwork);
        if (other is null)
            Assert.Inconclusive("Skipped: this machine has no other address than the loopback one.");
        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };

        await Assert.ThrowsExactlyAsync<HttpRequestException>(() => client.GetAsync($"http://{other}:{studio.Server.Address.Port}/"));
    }

    private static async Task<string> CookieAsync(StudioUnderTest studio)
    {
        using HttpResponseMessage page = await studio.Stranger.GetAsync(studio.Server.Address);
        return page.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    private static async Task<HttpStatusCode> StopAsync(StudioUnderTest studio, string? origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/scoring/stop");
        request.Headers.Add("Cookie", await CookieAsync(studio));
        if (origin is not null)
            request.Headers.Add("Origin", origin);
        using HttpResponseMessage answer = await studio.Stranger.SendAsync(request);
        return answer.StatusCode;
    }

    private sealed class SetTime : TimeProvider
    {
        public int Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
