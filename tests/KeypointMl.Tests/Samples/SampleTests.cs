using System.Net.Http.Json;
using System.Text.Json;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Puppets;
using KeypointMl.Imaging.Images;
using KeypointMl.Imaging.Video;
using KeypointMl.Inference.Detection;
using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Tests.Samples;

/// <summary>Every program in <c>samples/</c> is built and run. One after the other: they build the same projects.</summary>
[TestClass]
[DoNotParallelize]
[TestCategory("samples")]
public sealed class SampleTests
{
    private static readonly string Golden = Path.Combine(RepositoryFiles.Root, "tests", "KeypointMl.Tests", "Models", "Golden");

    [TestMethod]
    public void Every_sample_has_a_test()
    {
        string[] tested = [.. typeof(SampleTests).GetMethods().Select(method => method.Name)];
        foreach (string sample in Directory.EnumerateFiles(Path.Combine(RepositoryFiles.Root, "samples"), "*.cs"))
        {
            string name = Path.GetFileNameWithoutExtension(sample);
            string prefix = char.ToUpperInvariant(name[0]) + name[1..].Replace('-', '_') + "_";
            Assert.IsTrue(tested.Any(test => test.StartsWith(prefix, StringComparison.Ordinal)), $"{name}: no test '{prefix}…'");
        }
    }

    [TestMethod]
    public void First_keypoints_prints_a_keypoint_of_each_picture_and_saves_a_model_that_loads()
    {
        using var folder = new TemporaryFolder();

        string output = SampleProgram.RunIn(folder.Path, "first-keypoints",
            Path.Combine(Golden, "walk.png"), Path.Combine(Golden, "wave.png"));

        Assert.HasCount(2, output.Split('\n').Where(line => line.StartsWith("head at <", StringComparison.Ordinal)));
        ITransformer model = new MLContext().Model.Load(folder["poses.zip"], out DataViewSchema schema);
        Assert.AreEqual("Path", schema.Single().Name);
        (model as IDisposable)?.Dispose();
    }

    [TestMethod]
    public void Detect_folder_writes_a_row_for_every_picture_and_the_reason_where_one_is_damaged()
    {
        using var folder = new TemporaryFolder();
        foreach (string name in new[] { "walk", "wave" })
            File.Copy(Path.Combine(Golden, $"{name}.png"), folder[$"{name}.png"]);
        folder.Write("torn.png", File.ReadAllBytes(folder["walk.png"])[..200]);

        SampleProgram.Run("detect-folder", folder.Path, folder["out.csv"]);

        string[] lines = File.ReadAllLines(folder["out.csv"]);
        Assert.HasCount(4, lines);
        Assert.Contains("head.x", lines[0]);
        Assert.Contains("left_ankle.y", lines[0]);
        Assert.Contains("torn.png", lines[1]);
        Assert.Contains("truncated", lines[1]);
        using KeypointDetector detector = KeypointDetector.Load(Path.Combine(RepositoryFiles.Root, "onnx", "puppets", "detector.onnx"));
        float expected = detector.Detect(ImageDecoder.Decode(folder["walk.png"])).Keypoints[0].X;
        // as text, and with another number of threads
        Assert.AreEqual(expected, float.Parse(lines[2].Split(',')[1], System.Globalization.CultureInfo.InvariantCulture), 0.01f);
    }

    [TestMethod]
    public void Score_to_table_writes_a_row_for_every_picture()
    {
        using var folder = new TemporaryFolder();

        string output = SampleProgram.Run("score-to-table", Path.Combine(Golden, "w*.png"), folder["out.csv"]);

        Assert.Contains("2 frames, 2 with keypoints, 0 without", output);
        string[] lines = File.ReadAllLines(folder["out.csv"]);
        Assert.HasCount(3, lines);
        Assert.Contains("head.x,head.y,head.confidence", lines[0]);
        Assert.Contains("walk.png", lines[1]);
        Assert.Contains("wave.png", lines[2]);
    }

    [TestMethod]
    public void Video_overlay_draws_on_every_frame()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        using IFrameSet frames = new PuppetDataset(new()
        {
            Width = 64,
            Height = 64,
            TrainingVideos = 1,
            FramesPerVideo = 12,
        }).OpenTrainingFrames();
        byte[] frame = new byte[64 * 64 * 3];
        using (var video = new VideoWriter(folder["in.mp4"], 64, 64, 12))
        {
            for (int i = 0; i < 12; i++)
            {
                frames.Read(i, frame);
                video.Write(frame);
            }
            video.Complete();
        }

        SampleProgram.Run("video-overlay", folder["in.mp4"], folder["out.mp4"]);

        Assert.AreEqual((64, 64, 12L),
            (VideoProbe.Read(folder["out.mp4"]) is var info ? (info.Width, info.Height, info.FrameCount!.Value) : default));
        using FfmpegVideoReader drawn = FfmpegVideoReader.Open(folder["out.mp4"]);
        byte[] overlay = new byte[frame.Length];
        for (int i = 0; i < 12; i++)
        {
            Assert.IsTrue(drawn.TryRead(overlay));
            frames.Read(i, frame);
            // far above what the codec loses
            Assert.IsGreaterThan(50, frame.Zip(overlay, (a, b) => Math.Abs(a - b)).Count(difference => difference > 60),
                $"nothing is drawn on frame {i}");
        }
    }

    [TestMethod]
    public async Task Web_endpoint_answers_with_keypoints_and_refuses_what_is_no_image()
    {
        using var program = new SampleProgram("web-endpoint", "--urls", "http://127.0.0.1:0");
        string? line;
        const string Listening = "Now listening on: ";
        while ((line = await program.Output.ReadLineAsync()) is not null && !line.Contains(Listening, StringComparison.Ordinal))
        {
        }
        Assert.IsNotNull(line, "the service ended before it listened");
        using var client = new HttpClient
        {
            BaseAddress = new Uri(line[(line.IndexOf(Listening, StringComparison.Ordinal) + Listening.Length)..]),
        };

        HttpResponseMessage good =
            await client.PostAsync("/keypoints", new ByteArrayContent(File.ReadAllBytes(Path.Combine(Golden, "walk.png"))));
        HttpResponseMessage bad = await client.PostAsync("/keypoints", new ByteArrayContent([1, 2, 3]));
        string? refusal = await program.Output.ReadLineAsync();
        while (refusal?.Contains("Refused", StringComparison.Ordinal) == false)
            refusal = await program.Output.ReadLineAsync();
        // Asks before it sends, so that the answer is not lost while it still does.
        using var upload = new HttpRequestMessage(HttpMethod.Post, "/keypoints")
        {
            Content = new ByteArrayContent(new byte[(10 << 20) + 1]),
        };
        upload.Headers.ExpectContinue = true;
        HttpResponseMessage large = await client.SendAsync(upload);
        string? second = await program.Output.ReadLineAsync();
        // Each has as many pixels as an image may have; two of them are decoded at the same time, and the others wait.
        byte[] white = WhitePng(4470);
        HttpResponseMessage[] burst =
            await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => client.PostAsync("/keypoints", new ByteArrayContent(white))));

        Assert.IsTrue(good.IsSuccessStatusCode, await good.Content.ReadAsStringAsync());
        JsonElement[] keypoints = (await good.Content.ReadFromJsonAsync<JsonElement[]>())!;
        Assert.HasCount(PuppetDataset.Skeleton.Count, keypoints);
        Assert.AreEqual("head", keypoints[0].GetProperty("name").GetString());
        Assert.IsTrue(keypoints[0].GetProperty("x").GetSingle() is > 0 and < 64);
        Assert.AreEqual(System.Net.HttpStatusCode.BadRequest, bad.StatusCode);
        Assert.Contains("is not an image", await bad.Content.ReadAsStringAsync());
        Assert.Contains("Refused 400: of the request is not an image", refusal!);
        Assert.AreEqual(System.Net.HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        Assert.Contains("Refused 413", second!);
        Assert.IsTrue(burst.All(answer => answer.IsSuccessStatusCode));
    }

    private static byte[] WhitePng(int side)
    {
        var image = new RgbImage(side, side);
        image.Pixels.AsSpan().Fill(255);
        return ImageWriter.EncodePng(image);
    }

    [TestMethod]
    public void Move_keypoints_draws_the_picture_the_new_pose_and_the_new_picture()
    {
        using var folder = new TemporaryFolder();

        SampleProgram.Run("move-keypoints", Path.Combine(Golden, "wave.png"), folder["out.png"]);

        RgbImage row = ImageDecoder.Decode(folder["out.png"]);
        RgbImage picture = ImageDecoder.Decode(Path.Combine(Golden, "wave.png"));
        Assert.AreEqual((3 * picture.Width, picture.Height), (row.Width, row.Height));
        for (int i = 0; i < 3; i++)
            Assert.IsGreaterThan(20, Part(row, i).Distinct().Count(), $"picture {i} shows nothing");
    }

    [TestMethod]
    public void Train_saves_a_model_that_loads_here_without_libtorch()
    {
        using var folder = new TemporaryFolder();

        string output = SampleProgram.Run("train", folder["model.zip"], "4");

        Assert.Contains("% of the image on 90 test frames", output);
        var ml = new MLContext();
        ITransformer model = ml.Model.Load(folder["model.zip"], out DataViewSchema schema);
        IDataView frames = ml.Data.LoadFromEnumerable([new ImageRow
        {
            Image = MlImagePixels.ToMlImage(ImageDecoder.Decode(Path.Combine(Golden, "walk.png"))),
        }]);
        Assert.HasCount(2 * PuppetDataset.Skeleton.Count, model.Transform(frames).GetColumn<float[]>("Keypoints").Single());
        (model as IDisposable)?.Dispose();
    }

    [TestMethod]
    public void Torchsharp_to_onnx_writes_a_file_that_computes_what_the_module_computes()
    {
        using var folder = new TemporaryFolder();

        string output = SampleProgram.Run("torchsharp-to-onnx", folder["net.onnx"]);

        Assert.Contains("image: Float [N,3,H,W]", output);
        Assert.Contains("logits: Float [N,10]", output);
        Assert.Contains("largest difference", output); // above 1e-4 the sample ends with an error
        Assert.IsTrue(File.Exists(folder["net.onnx"]));
    }

    [TestMethod]
    public void Keypointgan_by_hand_trains_measures_and_draws_what_its_networks_make()
    {
        using var folder = new TemporaryFolder();

        string output = SampleProgram.Run("keypointgan-by-hand", folder["picture.png"], "10");

        Assert.Contains("training 10: L_perc", output);
        Assert.Contains("% of the image on 1440 test frames", output);
        RgbImage picture = ImageDecoder.Decode(folder["picture.png"]);
        Assert.AreEqual((5 * 32, 4 * 32), (picture.Width, picture.Height));
    }

    private static byte[] Part(RgbImage row, int i)
    {
        int width = row.Width / 3;
        return [.. Enumerable.Range(0, row.Height)
            .SelectMany(y => row.Pixels.AsSpan((y * row.Width + i * width) * 3, width * 3).ToArray())];
    }

    private sealed class ImageRow
    {
        [AnyImage]
        public MLImage? Image { get; set; }
    }
}
