using System.CommandLine;
using KeypointMl.Detection;
using KeypointMl.Imaging.Images;
using KeypointMl.Inference.Detection;
using KeypointMl.Inference.Devices;
using KeypointMl.Poses.Geometry;
using KeypointMl.Rows;
using KeypointMl.Serving;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Benchmarks;

/// <summary><c>allocations [--images N]</c>: managed memory for each image when everything has warmed up.</summary>
internal static class AllocationsCommand
{
    private const int Files = 16;
    private const int PaperSize = 128;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var images = new Option<int>("--images")
        {
            Description = "How many images each way goes through, after half as many to warm up.",
            DefaultValueFactory = _ => 2000,
        };
        var command = new Command("allocations",
            "Managed bytes for each image, and collections, through ML.NET, through KeypointMl.Inference and through "
            + "ML.NET's own transforms.") { images };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(images)));
        return command;
    }

    private static void Run(int images)
    {
        Console.WriteLine(Machine.Describe());
        Console.WriteLine();
        Console.WriteLine("Files are JPEGs of 640×480. Threads of ONNX Runtime: 1.");
        Console.WriteLine();
        Console.WriteLine(AllocationMeter.Header);
        DetectorFile file = DetectorFile.Small();
        var ml = new MLContext(seed: 1);
        using var photos = new Photos(Files);
        using MLImage large = MlImagePixels.ToMlImage(ImageDecoder.Decode(photos.Paths[0]));
        using MLImage small = MlImagePixels.ToMlImage(Photos.DrawOne(PaperSize, PaperSize));
        using KeypointDetector detector = KeypointDetector.Load(file.Model.ToArray(), file.Name, new()
        {
            Device = KeypointDevice.Cpu,
            IntraOpThreads = 1,
        });
        var meter = new AllocationMeter(images);
        using (var stock = new StockChain(ml, file, 1))
            meter.Measure("ML.NET's own chain, files", count => stock.Run(Paths(count), count));
        using KeypointDetectingTransformer fromPaths = Fit<PathRow>(nameof(PathRow.Path));
        using KeypointDetectingTransformer fromImages = Fit<ImageRow>(nameof(ImageRow.Image));
        meter.Measure("DetectKeypoints, files", count => KeypointWalk.Run(fromPaths.Transform(Paths(count)), "Keypoints", count));
        meter.Measure("DetectKeypoints, MLImages of 640×480", count =>
            KeypointWalk.Run(fromImages.Transform(Images(large, count)), "Keypoints", count));
        meter.Measure("DetectKeypoints, MLImages of 128×128", count =>
            KeypointWalk.Run(fromImages.Transform(Images(small, count)), "Keypoints", count));
        using PredictionEngine<PathRow, ConfidentKeypointPrediction> pathEngine = Engine<PathRow>(fromPaths);
        using PredictionEngine<ImageRow, ConfidentKeypointPrediction> imageEngine = Engine<ImageRow>(fromImages);
        var prediction = new ConfidentKeypointPrediction();
        PathRow[] pathRows = [.. photos.Paths.Select(path => new PathRow { Path = path })];
        var imageRow = new ImageRow { Image = small };
        meter.Measure("PredictionEngine, files", count => Repeat(count, i => pathEngine.Predict(pathRows[i % Files], ref prediction)));
        meter.Measure("PredictionEngine, MLImage of 128×128", count => Repeat(count, _ => imageEngine.Predict(imageRow, ref prediction)));
        using var pool = new KeypointPredictorPool(detector, new() { Concurrency = 1 });
        meter.Measure("KeypointPredictorPool, files", count =>
            Repeat(count, i => pool.PredictAsync(photos.Paths[i % Files]).AsTask().GetAwaiter().GetResult()));
        using DetectorBatch batch = detector.RentBatch(1);
        meter.Measure("KeypointMl.Inference, files", count => Repeat(count, i =>
        {
            using var image = EncodedImage.Open(photos.Paths[i % Files]);
            image.Crop(Box.WholeImage(image.Width, image.Height), batch.Image(0).Span, detector.Width, detector.Height);
            batch.Run(1);
        }));
        RgbImage rgb = Photos.DrawOne(PaperSize, PaperSize);
        meter.Measure("KeypointMl.Inference, Detect(RgbImage)", count => Repeat(count, _ => detector.Detect(rgb)));
        byte[] pixels = new byte[detector.Width * detector.Height * 3];
        var keypoints = new float[detector.KeypointCount * 2];
        meter.Measure("KeypointMl.Inference, Detect(bytes)", count => Repeat(count, _ => detector.Detect(pixels, keypoints, [])));

        KeypointDetectingTransformer Fit<TRow>(string column)
            where TRow : class => ml.Transforms.DetectKeypoints("Keypoints", column, detector, new()
            {
                ConfidenceColumnName = "Confidence",
            }).Fit(ml.Data.LoadFromEnumerable(new List<TRow>()));
        PredictionEngine<TRow, ConfidentKeypointPrediction> Engine<TRow>(ITransformer transformer)
            where TRow : class =>
            ml.Model.CreatePredictionEngine<TRow, ConfidentKeypointPrediction>(transformer, new PredictionEngineOptions
            {
                OwnsTransformer = false,
            });
        IDataView Paths(int count) =>
            ml.Data.LoadFromEnumerable(Rows(count, new PathRow(), (row, i) => row.Path = photos.Paths[i % Files]));
        IDataView Images(MLImage image, int count) => ml.Data.LoadFromEnumerable(Rows(count, new ImageRow
        {
            Image = image,
        }, (_, _) => { }));
    }

    // One object for all rows: what is counted is not the caller's.
    private static IEnumerable<TRow> Rows<TRow>(int count, TRow row, Action<TRow, int> fill)
    {
        for (int i = 0; i < count; i++)
        {
            fill(row, i);
            yield return row;
        }
    }

    private static void Repeat(int count, Action<int> run)
    {
        for (int i = 0; i < count; i++)
            run(i);
    }
}
