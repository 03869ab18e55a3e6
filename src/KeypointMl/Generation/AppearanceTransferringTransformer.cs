using System.Numerics;
using KeypointMl.Imaging.Images;
using KeypointMl.Inference.Detection;
using KeypointMl.Inference.Devices;
using KeypointMl.Inference.Generation;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace KeypointMl.Generation;

/// <summary>
/// Adds a column of generated images: the subject of an appearance image in the pose of another image's subject. Made by
/// <see cref="AppearanceTransferringEstimator"/>, saved and loaded by <c>mlContext.Model</c> with both graphs inside.
/// </summary>
/// <remarks>
/// <para>Both images are resized as wholes to the graphs' sizes. Rows go through the graphs one by one, when they are asked for.</para>
/// <para>Images follow the rule of ML.NET's image loader: an image belongs to whoever asked for it, and is disposed of
/// when he asks for the next into the same variable. The
/// input's images stay whose they were.</para>
/// <para>It holds native memory; dispose it when its last cursor or prediction engine is done.</para>
/// </remarks>
public sealed class AppearanceTransferringTransformer : AddedColumnTransformer, IDisposable
{
    internal const string LoaderSignature = "KeypointMlTransfer";

    private static readonly SavedTransform Saved = new("TransferAppearance", "KPMLTRNS", LoaderSignature, 1);

    private const string DetectorEntry = "detector.onnx";
    private const string GeneratorEntry = "generator.onnx";

    private readonly AppearanceTransferSettings settings;
    private readonly KeypointDetector detector;
    private readonly ImageGenerator generator;

    internal AppearanceTransferringTransformer(AppearanceTransferSettings settings)
        : base(settings.OutputColumn, Saved, settings, (DetectorEntry, settings.Detector), (GeneratorEntry, settings.Generator))
    {
        this.settings = settings;
        detector = settings.Context.Load(
            Options.Device, device => KeypointDetector.Load(settings.Detector, settings.Names.Detector, new()
            {
                Device = device,
                IntraOpThreads = Options.IntraOpThreads,
            }));
        try
        {
            generator = settings.Context.Load(
                Options.Device, device => ImageGenerator.Load(settings.Generator, settings.Names.Generator, new()
                {
                    Device = device,
                    IntraOpThreads = Options.IntraOpThreads,
                }));
        }
        catch
        {
            detector.Dispose();
            throw;
        }
    }

    /// <summary>Names the K keypoints that carry the pose.</summary>
    public Skeleton Skeleton => detector.Skeleton;

    /// <summary>What was asked for.</summary>
    public AppearanceTransferOptions Options => settings.Options;

    /// <summary>The device that is used.</summary>
    public KeypointDevice Device => generator.Device;

    /// <summary>Why <see cref="KeypointDevice.Auto"/> fell back to the CPU; null where it did not.</summary>
    public string? DeviceNote => generator.DeviceNote;

    /// <summary>Frees the sessions. Cursors that still run end with <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        detector.Dispose();
        generator.Dispose();
    }

    private protected override RowMapping Map(DataViewSchema input)
    {
        DataViewSchema.Column pose = ImageColumns.Find(input, settings.PoseColumn);
        DataViewSchema.Column appearance = ImageColumns.Find(input, settings.AppearanceColumn);
        return new RowMapping(input, RowImages.Column(OutputColumnName, (generator.Width, generator.Height)),
            [pose, appearance], row => Getter(row, pose, appearance));
    }

    // Found by ML.NET's component catalog under this name.
    private static AppearanceTransferringTransformer Create(IHostEnvironment env, object ctx) =>
        new(Saved.Read<AppearanceTransferSettings>(ctx, settings => settings.CheckColumns()) with
        {
            Context = ContextDevice.Of(env),
            Detector = MlNetInternals.LoadBinaryStream(ctx, DetectorEntry),
            Generator = MlNetInternals.LoadBinaryStream(ctx, GeneratorEntry),
        });

    private ValueGetter<MLImage> Getter(DataViewRow row, DataViewSchema.Column poseColumn, DataViewSchema.Column appearanceColumn)
    {
        var poses = RowImageReader.Create(row, poseColumn, Options.Decoder());
        var appearances = RowImageReader.Create(row, appearanceColumn, Options.Decoder());
        byte[] pose = new byte[detector.Contract.ImageBytes];
        byte[] appearance = new byte[generator.Contract.ImageBytes];
        float[] keypoints = new float[2 * detector.KeypointCount];
        var whole = Box.WholeImage(detector.Width, detector.Height);
        return RowImages.Getter(row, OutputColumnName, Options.OnError, () =>
        {
            poses.ReadResized(pose, detector.Width, detector.Height);
            appearances.ReadResized(appearance, generator.Width, generator.Height);
            detector.Detect(pose, keypoints, confidence: []);
            for (int i = 0; i < keypoints.Length; i += 2)
            {
                Vector2 point = whole.ToCrop(new Vector2(keypoints[i], keypoints[i + 1]), generator.Width, generator.Height);
                (keypoints[i], keypoints[i + 1]) = (point.X, point.Y);
            }
            var generated = new RgbImage(generator.Width, generator.Height);
            generator.Generate(keypoints, appearance, generated.Pixels);
            return generated;
        });
    }
}
