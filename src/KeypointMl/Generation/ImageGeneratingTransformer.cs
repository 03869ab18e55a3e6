using System.Numerics;
using System.Runtime.InteropServices;
using KeypointMl.Imaging.Images;
using KeypointMl.Inference.Contracts;
using KeypointMl.Inference.Devices;
using KeypointMl.Inference.Generation;
using KeypointMl.Keypoints;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace KeypointMl.Generation;

/// <summary>
/// Adds a column of generated images: the subject of an appearance image in the pose of a keypoint column. Made by
/// <see cref="ImageGeneratingEstimator"/>, saved and loaded by <c>mlContext.Model</c> with the generator's graph
/// inside.
/// </summary>
/// <remarks>
/// <para>
/// The appearance image is resized as a whole to the generator's size. Rows go through the graph one by one, when they
/// are asked for.
/// </para>
/// <para>Images follow the rule of ML.NET's image loader: an image belongs to whoever asked for it, and is disposed of
/// when he asks for the next into the same variable. The
/// input's images stay whose they were.</para>
/// <para>It holds native memory; dispose it when its last cursor or prediction engine is done.</para>
/// </remarks>
public sealed class ImageGeneratingTransformer : AddedColumnTransformer, IDisposable
{
    internal const string LoaderSignature = "KeypointMlGenerate";

    private static readonly SavedTransform Saved = new("GenerateImage", "KPMLGENR", LoaderSignature, 1);

    private const string GraphEntry = "generator.onnx";

    private readonly ImageGenerationSettings settings;
    private readonly ImageGenerator generator;

    internal ImageGeneratingTransformer(ImageGenerationSettings settings)
        : base(settings.OutputColumn, Saved, settings, (GraphEntry, settings.Model))
    {
        this.settings = settings;
        generator = settings.Context.Load(
            Options.Device, device => ImageGenerator.Load(settings.Model, settings.ModelName, Options.Generator(device)));
    }

    /// <summary>Names the K keypoints.</summary>
    public Skeleton Skeleton => generator.Skeleton;

    /// <summary>What the generator's graph says about itself.</summary>
    public ModelMetadata Metadata => generator.Contract.Metadata;

    /// <summary>What was asked for.</summary>
    public ImageGenerationOptions Options => settings.Options;

    /// <summary>The device that is used.</summary>
    public KeypointDevice Device => generator.Device;

    /// <summary>Why <see cref="KeypointDevice.Auto"/> fell back to the CPU; null where it did not.</summary>
    public string? DeviceNote => generator.DeviceNote;

    /// <summary>Frees the session. Cursors that still run end with <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose() => generator.Dispose();

    private protected override RowMapping Map(DataViewSchema input)
    {
        KeypointColumn keypoints = KeypointColumn.Find(input, settings.KeypointsColumn, Skeleton);
        DataViewSchema.Column appearance = ImageColumns.Find(input, settings.AppearanceColumn);
        return new RowMapping(
            input,
            RowImages.Column(OutputColumnName, (generator.Width, generator.Height)),
            [keypoints.Column, appearance],
            row => Getter(row, keypoints, appearance));
    }

    // Found by ML.NET's component catalog under this name.
    private static ImageGeneratingTransformer Create(IHostEnvironment env, object ctx) =>
        new(Saved.Read<ImageGenerationSettings>(ctx, settings => settings.CheckOptions()) with
        {
            Context = ContextDevice.Of(env),
            Model = MlNetInternals.LoadBinaryStream(ctx, GraphEntry),
            ModelName = GraphEntry,
        });

    private ValueGetter<MLImage> Getter(DataViewRow row, KeypointColumn keypoints, DataViewSchema.Column appearanceColumn)
    {
        var images = RowImageReader.Create(row, appearanceColumn, Options.Decoder());
        var poses = new KeypointReader(row, keypoints);
        byte[] appearance = new byte[generator.Contract.ImageBytes];
        return RowImages.Getter(row, OutputColumnName, Options.OnError, () =>
        {
            Box referredTo = images.ReadResized(appearance, generator.Width, generator.Height);
            if (Options is { KeypointsWidth: int width, KeypointsHeight: int height })
                referredTo = Box.WholeImage(width, height);
            poses.Read();
            foreach (ref Vector2 point in poses.Points)
                point = referredTo.ToCrop(point, generator.Width, generator.Height);
            var generated = new RgbImage(generator.Width, generator.Height);
            generator.Generate(MemoryMarshal.Cast<Vector2, float>(poses.Points), appearance, generated.Pixels);
            return generated;
        });
    }
}
