using System.Diagnostics;
using System.Globalization;
using KeypointMl.Data.Frames;
using KeypointMl.Detection;
using KeypointMl.Imaging.Images;
using KeypointMl.Inference.Contracts;
using KeypointMl.Training.Export;
using KeypointMl.Training.MlNet;
using KeypointMl.Training.Runs;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Training.Tests;

[TestClass]
public sealed class KeypointGanEstimatorTests
{
    private readonly MLContext ml = new(seed: 1);
    private TemporaryFolder folder = null!;

    [TestInitialize]
    public void CreateFolder() => folder = new TemporaryFolder();

    [TestCleanup]
    public void DeleteFolder() => folder.Dispose();

    [TestMethod]
    public void Train_learns_what_the_trainer_learns_from_the_same_frames()
    {
        IDataView frames = PuppetViews.Frames(ml, folder.Path);
        // Rows in any order: video and frame number say what belongs together.
        IDataView shuffled = ml.Data.ShuffleRows(frames, seed: 3);
        string expected = TrainDirectly();

        KeypointGanFit fit = ml.Keypoints.Trainers.KeypointGan(PuppetViews.Options).Train(InVideoOrder(shuffled), PuppetViews.Prior(ml));

        float[][] found = [.. fit.Transformer.Transform(frames).GetColumn<float[]>("Keypoints")];
        using KeypointDetectingTransformer direct =
            ml.Transforms.DetectKeypoints("Keypoints", "Path", expected, PuppetViews.Options.Detection).Fit(frames);
        float[][] reference = [.. direct.Transform(frames).GetColumn<float[]>("Keypoints")];
        for (int i = 0; i < reference.Length; i++)
            CollectionAssert.AreEqual(reference[i], found[i], $"row {i}");
        Assert.AreEqual(ModelKind.Generator, ModelContract.Read(fit.Generator, "generator.onnx").Metadata.Kind);
        Assert.IsNull(fit.Metrics);
        fit.Transformer.Dispose();
    }

    [TestMethod]
    public void Fitted_model_loads_in_a_process_without_TorchSharp()
    {
        IDataView frames = PuppetViews.Frames(ml, folder.Path);
        using KeypointDetectingTransformer transformer = ml.Keypoints.Trainers.KeypointGan(PuppetViews.Options with
        {
            Prior = PuppetViews.Prior(ml),
        }).Fit(frames);
        string model = folder["model.zip"];
        ml.Model.Save(transformer, frames.Schema, model);
        string image = Directory.EnumerateFiles(folder["train"]).Order().First();

        float[] found = RunFreshProcess(model, image);

        float[] expected = transformer.Transform(frames).GetColumn<float[]>("Keypoints").First();
        CollectionAssert.AreEqual(expected, found);
    }

    [TestMethod]
    public void Train_measures_on_labelled_test_frames_and_reports_its_steps()
    {
        using var progress = new CountingProgress();
        KeypointGanFit fit = ml.Keypoints.Trainers.KeypointGan(PuppetViews.Options with
        {
            Test = PuppetViews.Test(ml, folder.Path),
            Progress = progress,
        }).Train(PuppetViews.Frames(ml, folder.Path), PuppetViews.Prior(ml));

        Assert.AreEqual(12, fit.Metrics!.Frames);
        Assert.AreEqual(PuppetViews.Options.Protocol.Description, fit.Metrics.Protocol);
        Assert.AreEqual(2 + 3, progress.Steps);
        Assert.IsFalse(progress.IsDisposed, "the progress is the caller's");
        fit.Transformer.Dispose();
    }

    [TestMethod]
    public void Train_stopped_goes_on_in_its_run_folder_and_ends_as_if_it_had_not_been()
    {
        IDataView frames = PuppetViews.Frames(ml, folder.Path);
        IDataView prior = PuppetViews.Prior(ml);
        KeypointGanFit whole = ml.Keypoints.Trainers.KeypointGan(PuppetViews.Options).Train(frames, prior);
        KeypointGanOptions kept = PuppetViews.Options with { RunFolder = folder["run"] };
        using var stop = new TinyRun.StopAfter(TrainingPhase.Training, 1);

        var stopped = Assert.ThrowsExactly<OperationCanceledException>(() => ml.Keypoints.Trainers.KeypointGan(kept with
        {
            Progress = stop,
            Cancellation = stop.Token,
        }).Train(frames, prior));
        KeypointGanFit resumed = ml.Keypoints.Trainers.KeypointGan(kept).Train(frames, prior);

        StringAssert.Contains(stopped.Message, kept.RunFolder);
        CollectionAssert.AreEqual(First(whole, frames), First(resumed, frames));
        whole.Transformer.Dispose();
        resumed.Transformer.Dispose();
    }

    [TestMethod]
    public void Boxes_are_cut_out_for_training_as_for_detection()
    {
        // The same puppets on larger pictures, each at another place: what is inside the boxes is what the other run sees.
        FrameRow[] rows = PuppetViews.Write(TinyRun.Puppets.OpenTrainingFrames(), folder["train"], poses: null);
        BoxedRow[] boxed = [.. rows.Select((row, i) => new BoxedRow
        {
            Path = Enlarge(row.Path, i),
            Video = row.Video,
            Frame = row.Frame,
            Box = [i % 7, i % 5, 32, 32],
        })];
        IDataView plain = PuppetViews.Load(ml, rows), cropped = ml.Data.LoadFromEnumerable(boxed);
        KeypointGanFit expected = ml.Keypoints.Trainers.KeypointGan(PuppetViews.Options).Train(plain, PuppetViews.Prior(ml));

        KeypointGanFit fit = ml.Keypoints.Trainers.KeypointGan(PuppetViews.Options with
        {
            BoxColumnName = "Box",
        }).Train(cropped, PuppetViews.Prior(ml));

        float[] reference = First(expected, plain), found = First(fit, cropped);
        for (int i = 0; i < reference.Length; i++)
            Assert.AreEqual(reference[i] + boxed[0].Box[i % 2], found[i], 1e-4f); // the same crop, moved to the box in float32
        expected.Transformer.Dispose();
        fit.Transformer.Dispose();
    }

    private static float[] First(KeypointGanFit fit, IDataView frames) =>
        fit.Transformer.Transform(frames).GetColumn<float[]>("Keypoints").First();

    // The videos stay in their order, as the trainer's draws depend on it; within each the frames are as they come.
    private IDataView InVideoOrder(
        IDataView frames) =>
        PuppetViews.Load(ml, ml.Data.CreateEnumerable<FrameRow>(frames, reuseRowObject: false)
            .OrderBy(row => row.Video, StringComparer.Ordinal).ToArray());

    private string TrainDirectly()
    {
        using RunFolder run = RunFolder.Create(folder["direct"], PuppetViews.Options.Recipe);
        TinyRun.Train(run);
        using ModelExporter exporter = ModelExporter.Open(run);
        using IFrameSet frames = TinyRun.Puppets.OpenTrainingFrames();
        return exporter.ExportDetector(folder["direct.onnx"], new ExportFrames(frames, "puppets")).Path;
    }

    // In its own dependencies there is neither TorchSharp nor libtorch, so that it could not load them.
    private static float[] RunFreshProcess(string model, string image)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "KeypointMl.FreshProcess.dll");
        Assert.DoesNotContain("TorchSharp", File.ReadAllText(Path.ChangeExtension(program, ".deps.json")));
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["exec", program, model, image, "plain"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, errors.Result);
        return [.. output.Split(' ').Select(value => float.Parse(value, CultureInfo.InvariantCulture))];
    }

    private static string Enlarge(string path, int i)
    {
        RgbImage small = ImageDecoder.Decode(path);
        var large = new RgbImage(48, 40);
        for (int y = 0; y < small.Height; y++)
            small.Pixels.AsSpan(y * small.Width * 3, small.Width * 3).CopyTo(large.Pixels.AsSpan(((y + i % 5) * large.Width + i % 7) * 3));
        string enlarged = Path.ChangeExtension(path, ".large.png");
        ImageWriter.Write(large, enlarged);
        return enlarged;
    }

    private sealed class BoxedRow
    {
        public string Path { get; set; } = "";

        public string Video { get; set; } = "";

        public long Frame { get; set; }

        [VectorType(4)]
        public float[] Box { get; set; } = [];
    }

    private sealed class CountingProgress : ITrainingProgress
    {
        public int Steps { get; private set; }

        public bool IsDisposed { get; private set; }

        public void Begin(TrainingPhase phase, long done, long steps)
        {
        }

        public void Report(in ProgressUpdate update) => Steps++;

        public void Note(string message)
        {
        }

        public void Dispose() => IsDisposed = true;
    }
}
