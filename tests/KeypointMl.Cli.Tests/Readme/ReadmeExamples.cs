using KeypointMl.Data.Frames;
using KeypointMl.Inference.Detection;
using KeypointMl.Poses.Metrics;
using KeypointMl.Scoring.Inputs;
using KeypointMl.Scoring.Running;
using KeypointMl.Scoring.Sinks;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Export;
using KeypointMl.Training.MlNet;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Running;
using KeypointMl.Training.Runs;
using Microsoft.ML;

namespace KeypointMl.Cli.Tests;

/// <summary>The examples of docs/tour.md and docs/metrics.md, compiled; <see cref="ReadmeTests"/> compares them with the documents.</summary>
internal static class ReadmeExamples
{
    public static void Application()
    {
        // begin application
        var mlContext = new MLContext().UseKeypointMl();
        IDataView photos = mlContext.Data.LoadFromEnumerable(
            Directory.EnumerateFiles("photos").Select(path => new Photo { Path = path }));

        var pipeline = mlContext.Transforms.DetectKeypoints("Keypoints", "Path", "onnx/puppets/detector.onnx");
        ITransformer model = pipeline.Fit(photos);

        foreach (var found in mlContext.Data.CreateEnumerable<Found>(model.Transform(photos), reuseRowObject: false))
            Console.WriteLine($"{found.Path}: head at {found.ToPoints()[0]}"); // pixels of the photo
        mlContext.Model.Save(model, photos.Schema, "poses.zip");               // the ONNX file travels inside
        // end application
    }

    public static void Training()
    {
        // begin training
        Recipe recipe = Recipe.Load("pipelines/train/flies.yaml", ["training.steps=600"]);
        IDataset data = RecipeData.Open(recipe, dataRoot: "data");
        using RunFolder run = RunFolder.Create("runs/flies", recipe);
        TrainingResult result = new Trainer(run, data, new PlainProgress(Console.Out)).Train();
        Console.WriteLine($"error {result.Metrics!.ErrorPercentOfImage:F2} % of the crop");

        using ModelExporter exporter = ModelExporter.Open(run);
        exporter.ExportDetector("runs/flies/detector.onnx", ExportFrames.Open(run, dataRoot: "data"));
        // end training
    }

    public static async Task Operator()
    {
        // begin operator
        using KeypointDetector detector = KeypointDetector.Load("onnx/puppets/detector.onnx", new() { BatchSize = 16, IntraOpThreads = 1 });
        await using IPredictionSink table = PredictionFiles.Create("poses.parquet", detector.Skeleton);

        ScoringSummary summary = await new Scorer(detector).ScoreAsync(InputFiles.Find("photos/**/*.jpg"), boxes: null, [table]);

        Console.WriteLine(summary); // every frame is accounted for: ok, or failed with its reason
        // end operator
    }

    public static void Evaluation()
    {
        // begin evaluation
        var mlContext = new MLContext();
        IDataView test = mlContext.Keypoints.LoadFromManifest("data-manifests/puppets.yaml", "test");
        IDataView found = mlContext.Transforms
            .DetectKeypoints("Keypoints", "Image", "onnx/puppets/detector.onnx", new() { ConfidenceColumnName = "Confidence" })
            .Fit(test).Transform(test);

        KeypointMetrics metrics = mlContext.Keypoints.Evaluate(found, new()
        {
            ImageColumnName = "Image",              // or ImageWidth and ImageHeight, if all images have one size
            ConfidenceColumnName = "Confidence",    // for metrics.Confidence
            ClusterColumnName = "Video",            // frames of one video are drawn again together
        });

        Console.WriteLine($"{metrics.ErrorPercentOfImage:F2} % of the image, PCK@0.05 {metrics.Pck["0.05"]:F3}, "
            + $"ECE {metrics.Confidence!.ExpectedCalibrationError:F3}");
        Console.WriteLine(KeypointMetricsJson.ToJson(metrics));
        // end evaluation
    }

    private sealed class Photo
    {
        public string Path { get; set; } = "";
    }

    private sealed class Found : KeypointPrediction
    {
        public string Path { get; set; } = "";
    }
}
