using KeypointMl.Inference.Contracts;
using KeypointMl.Inference.Detection;
using KeypointMl.Inference.Devices;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace KeypointMl.Detection;

/// <summary>
/// Adds the keypoints that an exported detector finds in the images of a column; made by
/// <see cref="KeypointDetectingEstimator"/>, saved and loaded by <c>mlContext.Model</c> with the detector's graph
/// inside.
/// </summary>
/// <remarks>
/// <para>Rows are read ahead in batches, always on the thread that moves the cursor; they are decoded and detected on
/// pool threads meanwhile. Their order, ids and other
/// columns stay as they are. Where nobody asks for the keypoints, nothing is decoded. What happens at a row whose image
/// or box cannot be used, <see cref="KeypointDetectionOptions.OnError"/> says. Disposing of a cursor waits for the
/// images and batches that are being worked on, and for no others.</para>
/// <para>Images stay whose they were: none that the input gives is disposed of here. Where the image column is asked
/// for together with the keypoints, the caller gets
/// the input's own objects if the input keeps them (as a view over objects in memory does), and else copies, each of
/// which is disposed of when the caller asks for the next into the same variable, as ML.NET's own image loader
/// does.</para>
/// <para>Thread-safe: several cursors and prediction engines may run at once. It holds native memory; dispose it when
/// the last of them is done (a
/// <see cref="PredictionEngine{TSrc, TDst}"/> disposes of its model unless <c>OwnsTransformer</c> is false).</para>
/// </remarks>
public sealed class KeypointDetectingTransformer : RowTransformer, IDisposable
{
    internal const string LoaderSignature = "KeypointMlDetect";

    internal static readonly SavedTransform Saved = new("DetectKeypoints", "KPMLDETK", LoaderSignature, Version: 2);

    private const string GraphEntry = "detector.onnx";

    internal KeypointDetectingTransformer(DetectionSettings settings)
        : base(settings.OutputColumn, Saved, SavedDetection.From(settings), (GraphEntry, settings.Model))
    {
        Settings = settings;
        if (settings.Shared is { } shared)
            (Detector, Tuning) = (shared, settings.Options.AutoTune ? AutoTuner.Measure(shared) : null);
        else
            (Detector, Tuning) = settings.Context.Load(settings.Options.Device, device => Load(settings, device));
    }

    /// <summary>Names the K keypoints.</summary>
    public Skeleton Skeleton => Detector.Skeleton;

    /// <summary>What the detector's graph says about itself.</summary>
    public ModelMetadata Metadata => Detector.Contract.Metadata;

    /// <summary>What was asked for.</summary>
    public KeypointDetectionOptions Options => Settings.Options;

    /// <summary>The column of images.</summary>
    public string InputColumnName => Settings.InputColumn;

    /// <summary>W, the width of the graph's images in pixels.</summary>
    public int GraphWidth => Detector.Width;

    /// <summary>H, the height of the graph's images in pixels.</summary>
    public int GraphHeight => Detector.Height;

    /// <summary>The device that is used.</summary>
    public KeypointDevice Device => Detector.Device;

    /// <summary>Why <see cref="KeypointDevice.Auto"/> fell back to the CPU; null where it did not.</summary>
    public string? DeviceNote => Detector.DeviceNote;

    /// <summary>What <see cref="KeypointDetectionOptions.AutoTune"/> measured and chose; null where it was not asked for.</summary>
    public KeypointTuning? Tuning { get; }

    internal DetectionSettings Settings { get; }

    internal KeypointDetector Detector { get; }

    internal int BatchSize => Tuning?.Chosen.BatchSize ?? Options.BatchSize;

    internal int DecodeThreads => Options.EffectiveDecodeThreads;

    internal int ParallelRuns => Tuning?.Chosen.ParallelRuns ?? Math.Max(1, Options.ParallelRuns);

    /// <summary>The bytes of the graph, a <c>detector.onnx</c>, to read.</summary>
    public Stream OpenGraph() => new MemoryStream(Settings.Model, writable: false);

    private protected override DataViewSchema Extend(DataViewSchema input)
    {
        Settings.FindInputs(input);
        return Settings.Columns.AppendTo(input);
    }

    private protected override IDataView View(IDataView input) => new DetectionDataView(this, input);

    private protected override IRowToRowMapper Mapper(DataViewSchema input) => new DetectionRowMapper(this, input);

    // Found by ML.NET's component catalog under this name. Its second parameter is a ModelLoadContext, which is internal to ML.NET.
    private static KeypointDetectingTransformer Create(IHostEnvironment env, object ctx) => new(
        Saved.Read<SavedDetection>(ctx).ToSettings(MlNetInternals.LoadBinaryStream(ctx, GraphEntry), GraphEntry, ContextDevice.Of(env)));

    private static (KeypointDetector Detector, KeypointTuning? Tuning) Load(DetectionSettings settings, KeypointDevice device)
    {
        KeypointDetectorOptions options = settings.Options.Detector with { Device = device };
        return settings.Options.AutoTune
            ? AutoTuner.Load(settings, options)
            : (KeypointDetector.Load(settings.Model, settings.ModelName, options), null);
    }

    /// <summary>Whether a row of which the image or box gave this exception is kept and marked.</summary>
    internal bool Marks(Exception e) => Options.OnError == KeypointErrorPolicy.MarkRow && RowImageInput.IsAboutTheRow(e);

    /// <summary>
    /// Frees the session, unless the detector was given loaded: that one stays its owner's. Cursors that still run end
    /// with <see cref="ObjectDisposedException"/>.
    /// </summary>
    public void Dispose()
    {
        if (Settings.Shared is null)
            Detector.Dispose();
    }
}
