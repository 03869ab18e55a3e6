using KeypointMl.Imaging.Drawing;
using KeypointMl.Imaging.Images;
using KeypointMl.Inference.Devices;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Rendering;
using KeypointMl.Rows;
using Microsoft.ML;

namespace KeypointMl.Tests.MlNet;

/// <summary>The transforms of one row by their names, as the tests that hold for each of them make them.</summary>
internal static class RowTransforms
{
    public static IEnumerable<object[]> OfPictures =>
        [["DrawKeypoints"], ["RenderSkeleton"], ["GenerateImage"], ["TransferAppearance"]];

    public static IEnumerable<object[]> All => [.. OfPictures, ["NormalizePose"]];

    /// <summary>The column that it makes of <see cref="PoseRow"/>.</summary>
    public static string Output(string name) => name == "NormalizePose" ? "Shape" : "Picture";

    public static ITransformer Fit(MLContext ml, string name, IDataView data) => Estimator(ml, name).Fit(data);

    /// <summary>Every option that is saved has another value than its default.</summary>
    public static IEstimator<ITransformer> Estimator(MLContext ml, string name) => name switch
    {
        "DrawKeypoints" => ml.Transforms.DrawKeypoints("Picture", "Image", options: new()
        {
            Skeleton = TestModels.Skeleton,
            ConfidenceColumnName = "Confidence",
            MinConfidence = 0.3f,
            MaxPixels = 12345,
            OnError = KeypointErrorPolicy.MarkRow,
            Style = new()
            {
                Coloring = PoseColoring.Group,
                LeftColor = new(1, 2, 3),
                RightColor = new(4, 5, 6),
                MiddleColor = new(7, 8, 9),
                GroupColors = new Dictionary<string, RgbColor> { ["warm"] = new(200, 100, 50) },
                KeypointColor = new(10, 200, 30),
                LineWidth = 1.5f,
                KeypointRadius = 2,
            },
        }),
        "RenderSkeleton" => ml.Transforms.RenderSkeleton("Picture", options: new()
        {
            Skeleton = TestModels.Skeleton,
            Width = 30,
            Height = 25,
            View = new Box(-1, -2, 25, 20),
            FallOff = SkeletonFallOff.Squared(30),
            Foreground = new(250, 240, 230),
            Background = new(10, 20, 30),
            OnError = KeypointErrorPolicy.MarkRow,
        }),
        "NormalizePose" => ml.Transforms.NormalizePose("Shape", normalization: new()
        {
            Origin = PoseOrigin.Keypoints,
            OriginKeypoints = ["red"],
            Unit = PoseUnit.Length,
            LengthFrom = ["green"],
            LengthTo = ["blue", "red"],
            UprightFrom = "red",
            UprightTo = "blue",
        }, skeleton: TestModels.Skeleton),
        "GenerateImage" => ml.Transforms.GenerateImage("Picture", "Keypoints", "Image", TestModels.Generator(), new()
        {
            Device = KeypointDevice.Cpu,
            IntraOpThreads = 1,
            KeypointsWidth = 15,
            KeypointsHeight = 12,
            MaxPixels = 12345,
            OnError = KeypointErrorPolicy.MarkRow,
        }),
        _ => ml.Transforms.TransferAppearance("Picture", "Image", "Image", TestModels.Detector(), TestModels.Generator(), new()
        {
            Device = KeypointDevice.Cpu,
            IntraOpThreads = 1,
            MaxPixels = 12345,
            OnError = KeypointErrorPolicy.MarkRow,
        }),
    };
}
