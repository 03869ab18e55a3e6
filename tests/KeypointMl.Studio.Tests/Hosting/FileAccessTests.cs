using System.Net;
using System.Text.Json;
using KeypointMl.Imaging.Images;

namespace KeypointMl.Studio.Tests.Hosting;

/// <summary>Which files are seen, and which are taken.</summary>
[TestClass]
public sealed class FileAccessTests
{
    [TestMethod]
    [DataRow("0/../secret.png")]
    [DataRow("0/day1/../../secret.png")]
    [DataRow("0/./dots.png")]
    [DataRow("0//dots.png")]
    [DataRow("../secret.png")]
    [DataRow("0/%2e%2e/secret.png")]
    [DataRow("0/..%2fsecret.png")]
    [DataRow("/etc/passwd")]
    [DataRow("1/dots.png")]
    [DataRow("0/.hidden.png")]
    [DataRow("0/link.png")]
    [DataRow("0/linked/secret.png")]
    [DataRow("0/dots.png\0.png")]
    public async Task File_outside_the_folders_is_refused(string file)
    {
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync(prepare: folder =>
        {
            folder.Write("media/.hidden.png", ImageWriter.EncodePng(TestImages.Numbered(1)));
            if (OperatingSystem.IsWindows())
                return;
            File.CreateSymbolicLink(folder["media/link.png"], folder["secret.png"]);
            Directory.CreateSymbolicLink(folder["media/linked"], folder.Path);
        });

        string asked = Uri.EscapeDataString(Uri.UnescapeDataString(file));
        string error = await studio.RefusedAsync(HttpStatusCode.Forbidden, $"/api/frame?file={asked}");

        Assert.Contains("not below the folders", error);
        Assert.DoesNotContain(studio.Folder.Path, error);
    }

    [TestMethod]
    public async Task Link_within_the_folders_is_followed()
    {
        if (OperatingSystem.IsWindows())
            Assert.Inconclusive("Skipped: links need a right of their own on Windows.");
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync(
            prepare: folder => File.CreateSymbolicLink(folder["media/again.png"], folder["media/dots.png"]));

        JsonElement media = await studio.GetAsync("/api/media?file=0/again.png");

        Assert.AreEqual(TestModels.Width, media.GetProperty("width").GetInt32());
    }

    [TestMethod]
    public async Task List_shows_folders_and_media_and_nothing_hidden()
    {
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync(prepare: folder =>
        {
            folder.Write("media/.hidden.png", "x");
            folder.Write("media/notes.txt", "x");
            folder.Write("media/dots10.png", "x");
            folder.Write("media/dots9.png", "x");
        });

        JsonElement roots = await studio.GetAsync("/api/files"), entries = await studio.GetAsync("/api/files?folder=0");

        Assert.AreEqual("media", roots.EnumerateArray().Single().GetProperty("name").GetString());
        Assert.AreSequenceEqual(
            ["0/day1", "0/dots.png", "0/dots9.png", "0/dots10.png"],
            [.. entries.EnumerateArray().Select(entry => entry.GetProperty("id").GetString()!)]);
    }

    [TestMethod]
    public async Task Dropped_image_is_kept_shown_and_gone_at_the_end()
    {
        StudioUnderTest studio = await StudioUnderTest.StartAsync();
        string[] Kept() => Directory.GetDirectories(Path.GetTempPath(), "keypointml-studio-*")
            .Select(folder => Path.Combine(folder, "dropped", "of this test.png")).Where(File.Exists).ToArray();

        using HttpResponseMessage answer = await studio.Client.PostAsync(
            "/api/drop?name=" + Uri.EscapeDataString("../../of this test.png"),
            new ByteArrayContent(ImageWriter.EncodePng(TestImages.Numbered(3))));
        JsonElement entry = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        JsonElement media = await studio.GetAsync($"/api/media?file={Uri.EscapeDataString(entry.GetProperty("id").GetString()!)}");
        int during = Kept().Length;
        await studio.DisposeAsync();

        Assert.AreEqual("dropped/of this test.png", entry.GetProperty("id").GetString());
        Assert.AreEqual(TestModels.Height, media.GetProperty("height").GetInt32());
        Assert.AreEqual(1, during);
        Assert.IsEmpty(Kept());
    }

    [TestMethod]
    public async Task Dropped_file_of_a_name_too_long_for_the_disk_is_kept_under_its_beginning()
    {
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync();
        string address = "/api/drop?name=" + Uri.EscapeDataString(new string('檔', 110) + ".png");
        List<string> names = [];

        for (int i = 0; i < 2; i++)
        {
            using HttpResponseMessage answer = await studio.Client.PostAsync(
                address, new ByteArrayContent(ImageWriter.EncodePng(TestImages.Numbered(3))));
            string text = await answer.Content.ReadAsStringAsync();
            Assert.AreEqual(HttpStatusCode.OK, answer.StatusCode, text);
            names.Add(JsonDocument.Parse(text).RootElement.GetProperty("name").GetString()!);
        }

        Assert.AreSequenceEqual([new string('檔', 52) + ".png", new string('檔', 52) + "-2.png"], names);
    }

    [TestMethod]
    [DataRow("bad.png", HttpStatusCode.UnprocessableEntity, "bad.png")]
    [DataRow("page.html", HttpStatusCode.UnsupportedMediaType, "not named like")]
    [DataRow(".png", HttpStatusCode.UnsupportedMediaType, "not named like")]
    public async Task Malformed_drop_is_refused_and_not_kept(string name, HttpStatusCode status, string words)
    {
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync();

        string error = await studio.RefusedAsync(status, $"/api/drop?name={name}", new ByteArrayContent([1, 2, 3, 4]));
        JsonElement roots = await studio.GetAsync("/api/files");

        Assert.Contains(words, error);
        Assert.DoesNotContain("keypointml-studio-", error);
        Assert.AreEqual(1, roots.GetArrayLength());
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task Oversized_drop_is_refused_whether_it_says_its_size_or_not(bool says)
    {
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync(options => options with { MaxUploadBytes = 100_000 });
        using HttpContent content = says
            ? new ByteArrayContent(new byte[200_000])
            : new StreamContent(new UnseekableStream(new byte[200_000]));

        string error = await studio.RefusedAsync(HttpStatusCode.RequestEntityTooLarge, "/api/drop?name=large.png", content);

        Assert.Contains("MB", error);
        Assert.AreEqual(1, (await studio.GetAsync("/api/files")).GetArrayLength());
    }

    [TestMethod]
    [DataRow("/api/labels", "{")]
    [DataRow("/api/labels", "null")]
    [DataRow("/api/redraw", "[1,2]")]
    [DataRow("/api/redraw", "{\"appearance\":7}")]
    public async Task Malformed_request_is_refused(string path, string json)
    {
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync();

        string error = await studio.RefusedAsync(HttpStatusCode.BadRequest, path, new StringContent(json));

        Assert.Contains("request", error);
    }

    private sealed class UnseekableStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
