using System.Net;
using System.Numerics;
using System.Text.Json;
using KeypointMl.Imaging.Images;
using KeypointMl.Poses.Rendering;

namespace KeypointMl.Studio.Tests.Pages;

/// <summary>Drawing by the generator, as the page asks for it. The test generator adds the mean of all coordinates to every byte.</summary>
[TestClass]
public sealed class PlayTests
{
    [TestMethod]
    public async Task Redraw_is_the_generators_picture_of_the_pose()
    {
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync();
        JsonElement taken = await studio.PostAsync("/api/appearance?file=0/dots.png");

        JsonElement drawn = await studio.PostAsync("/api/redraw", new
        {
            appearance = taken.GetProperty("id").GetString(),
            points = new[] { new[] { 7f, 7f }, [7f, 7f], [7f, 7f] },
        });

        RgbImage picture = PictureOf(drawn.GetProperty("picture")), skeleton = PictureOf(drawn.GetProperty("skeleton"));
        int black = (0 * TestModels.Width + 0) * 3;
        Assert.AreEqual(7, picture.Pixels[black]);
        Assert.AreEqual((TestModels.Width, TestModels.Height), (skeleton.Width, skeleton.Height));
        Assert.IsGreaterThan(skeleton.Pixels[0], skeleton.Pixels[(7 * TestModels.Width + 7) * 3]);
    }

    [TestMethod]
    [DataRow("""{"fall_off":"linear","sigma_squared":0.5,"mode":"edges"}""", 0.5, false)]
    [DataRow("""{"fall_off":"linear","sigma_squared":0.5,"mode":"points"}""", 0.5, true)]
    [DataRow("null", 0.04, false)]
    public async Task Skeleton_is_drawn_as_the_generators_own_renderer_does(string renderer, double sigmaSquared, bool drawsPoints)
    {
        string provenance = renderer == "null" ? "{}" : $$"""{"renderer":{{renderer}}}""";
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync(
            prepare: folder => folder.Write("model/generator.onnx", TestModels.Generator(provenance)));
        JsonElement taken = await studio.PostAsync("/api/appearance?file=0/dots.png");
        float[][] points = [[3, 4], [15, 10], [7, 12]];
        float[] expected = new float[TestModels.Width * TestModels.Height];
        SkeletonRaster.Render(
            TestModels.Skeleton, [.. points.Select(point => new Vector2(point[0], point[1]))], TestModels.Width, TestModels.Height,
            SkeletonFallOff.Linear(sigmaSquared), expected, drawsPoints);

        JsonElement drawn = await studio.PostAsync("/api/redraw", new { appearance = taken.GetProperty("id").GetString(), points });

        Assert.AreEqual(renderer != "null", taken.GetProperty("hasRenderer").GetBoolean());
        byte[] red = [.. PictureOf(drawn.GetProperty("skeleton")).Pixels.Where((_, i) => i % 3 == 0)];
        CollectionAssert.AreEqual(expected.Select(value => (byte)(255 * value)).ToArray(), red);
    }

    [TestMethod]
    public async Task Appearance_has_the_pose_that_the_detector_finds()
    {
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync();

        JsonElement taken = await studio.PostAsync("/api/appearance?file=0/dots.png");

        Assert.AreEqual(StudioUnderTest.Dots[1].X, taken.GetProperty("points")[1][0].GetSingle(), 1e-3);
        Assert.AreEqual(TestModels.Width, taken.GetProperty("width").GetInt32());
    }

    [TestMethod]
    public async Task Redraw_refuses_points_that_do_not_fit_and_appearances_that_are_gone()
    {
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync();
        string id = (await studio.PostAsync("/api/appearance?file=0/dots.png")).GetProperty("id").GetString()!;

        string few = await studio.RefusedAsync(
            HttpStatusCode.BadRequest, "/api/redraw", StudioUnderTest.Json(new { appearance = id, points = new[] { new[] { 1f, 2f } } }));
        string gone = await studio.RefusedAsync(
            HttpStatusCode.NotFound, "/api/redraw", StudioUnderTest.Json(new { appearance = "77", points = Array.Empty<float[]>() }));

        Assert.Contains("3 points", few);
        Assert.Contains("not kept", gone);
    }

    [TestMethod]
    public async Task Model_without_a_generator_says_how_to_get_one()
    {
        await using StudioUnderTest studio = await StudioUnderTest.StartAsync(
            prepare: folder => File.Delete(folder["model/generator.onnx"]));

        string error = await studio.RefusedAsync(HttpStatusCode.Conflict, "/api/appearance?file=0/dots.png", StudioUnderTest.Json(null));

        Assert.Contains("keypointml export", error);
    }

    private static RgbImage PictureOf(JsonElement address) => ImageDecoder.Decode(
        Convert.FromBase64String(address.GetString()!["data:image/png;base64,".Length..]), "picture");
}
