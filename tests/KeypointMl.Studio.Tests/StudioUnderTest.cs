using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using KeypointMl.Imaging.Images;
using KeypointMl.Studio.Hosting;

namespace KeypointMl.Studio.Tests;

/// <summary>A studio over a folder with an image and a model whose results are known, and a client that has its token.</summary>
internal sealed class StudioUnderTest : IAsyncDisposable
{
    private StudioUnderTest(TemporaryFolder folder, StudioServer server)
    {
        (Folder, Server) = (folder, server);
        var origin = new Uri(server.Address.GetLeftPart(UriPartial.Authority));
        Client = new HttpClient { Timeout = TimeSpan.FromMinutes(5), BaseAddress = origin };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        Stranger = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = Client.BaseAddress };
    }

    public TemporaryFolder Folder { get; }

    public StudioServer Server { get; }

    /// <summary>Has the token.</summary>
    public HttpClient Client { get; }

    /// <summary>Has none.</summary>
    public HttpClient Stranger { get; }

    public string Token => Server.Address.Query["?token=".Length..];

    /// <summary>The dots of <c>media/dots.png</c>, which the test detector finds.</summary>
    public static IReadOnlyList<System.Numerics.Vector2> Dots => TestImages.Dots(3);

    /// <summary>
    /// Starts one. The folder has <c>media/dots.png</c>, <c>media/day1/dots2.png</c>, <c>model/detector.onnx</c> with its generator,
    /// and <c>secret.png</c>, which the page may not see.
    /// </summary>
    public static async Task<StudioUnderTest> StartAsync(
        Func<StudioOptions, StudioOptions>? change = null, Action<TemporaryFolder>? prepare = null)
    {
        var folder = new TemporaryFolder();
        folder.Write("media/dots.png", ImageWriter.EncodePng(TestImages.Numbered(3)));
        folder.Write("media/day1/dots2.png", ImageWriter.EncodePng(TestImages.Numbered(4)));
        folder.Write("secret.png", ImageWriter.EncodePng(TestImages.Numbered(5)));
        folder.Write("model/detector.onnx", TestModels.Detector());
        folder.Write("model/generator.onnx", TestModels.Generator());
        prepare?.Invoke(folder);
        var options = new StudioOptions
        {
            Files = [folder["media"]],
            Models = [folder["model"]],
            SaveFolder = folder["saved"],
        };
        return new StudioUnderTest(folder, await StudioServer.StartAsync(change?.Invoke(options) ?? options));
    }

    public async Task<JsonElement> GetAsync(string path)
    {
        using HttpResponseMessage answer = await Client.GetAsync(path);
        return await ReadAsync(answer);
    }

    public async Task<JsonElement> PostAsync(string path, object? content = null)
    {
        using HttpResponseMessage answer = await Client.PostAsync(path, Json(content));
        return await ReadAsync(answer);
    }

    /// <summary>Waits until a video is scored, and gives how that went.</summary>
    public async Task<JsonElement> ScoredAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            patience.Token.ThrowIfCancellationRequested();
            JsonElement state = await GetAsync("/api/scoring");
            if (state.GetProperty("phase").GetString() != "running")
                return state;
            await Task.Yield();
        }
    }

    /// <summary>Asks for something that is refused, and gives what it says.</summary>
    public async Task<string> RefusedAsync(HttpStatusCode expected, string path, HttpContent? content = null)
    {
        using HttpResponseMessage answer = content is null ? await Client.GetAsync(path) : await Client.PostAsync(path, content);
        Assert.AreEqual(expected, answer.StatusCode, await answer.Content.ReadAsStringAsync());
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("error").GetString()!;
    }

    public static StringContent Json(object? content) =>
        new(JsonSerializer.Serialize(content, JsonSerializerOptions.Web), System.Text.Encoding.UTF8, "application/json");

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Stranger.Dispose();
        await Server.DisposeAsync();
        Folder.Dispose();
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer)
    {
        string text = await answer.Content.ReadAsStringAsync();
        Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }
}
