using System.Numerics;
using System.Runtime.InteropServices;
using KeypointMl.Data;
using KeypointMl.Poses;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Training;

/// <summary>Measures an exported detector the way an application would use it: frames → <c>DetectKeypoints</c> → <c>Evaluate</c>, in an ML.NET pipeline.</summary>
public static class ExportedDetectorEvaluation
{
    private const string Keypoints = "Keypoints";
    private const string Confidence = "Confidence";

    /// <summary>Runs the detector over all labelled frames.</summary>
    /// <param name="detectorPath">A <c>detector.onnx</c>.</param>
    /// <param name="labelled">Frames with labels, of any size.</param>
    /// <param name="prior">For the baselines 'mean pose' and 'random prior pose', or null to leave them out.</param>
    /// <param name="options">Device, threads and batch size.</param>
    /// <param name="offline">Tells left from right a second time, for <see cref="KeypointMetrics.FlipResolvedErrorPercent"/>; null for none.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> asked to stop.</exception>
    /// <exception cref="InvalidDataException">The detector's keypoints are not the data set's.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static KeypointMetrics Measure(
        string detectorPath, LabelledFrames labelled, PosePrior? prior, KeypointDetectionOptions options = default, OfflineRegressor? offline = null, CancellationToken cancellation = default) =>
        Measure(context => context.Transforms.DetectKeypoints(Keypoints, nameof(FrameRow.Image), detectorPath, WithConfidence(options)), labelled, prior, offline, cancellation);

    /// <summary>Runs a detector that is in memory over all labelled frames.</summary>
    /// <param name="detector">The bytes of a <c>detector.onnx</c>.</param>
    /// <param name="labelled">Frames with labels, of any size.</param>
    /// <param name="prior">For the baselines 'mean pose' and 'random prior pose', or null to leave them out.</param>
    /// <param name="options">Device, threads and batch size.</param>
    /// <param name="offline">Tells left from right a second time, for <see cref="KeypointMetrics.FlipResolvedErrorPercent"/>; null for none.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> asked to stop.</exception>
    /// <exception cref="InvalidDataException">The detector's keypoints are not the data set's.</exception>
    public static KeypointMetrics Measure(
        byte[] detector, LabelledFrames labelled, PosePrior? prior, KeypointDetectionOptions options = default, OfflineRegressor? offline = null, CancellationToken cancellation = default) =>
        Measure(context => context.Transforms.DetectKeypoints(Keypoints, nameof(FrameRow.Image), detector, WithConfidence(options)), labelled, prior, offline, cancellation);

    private static KeypointDetectionOptions WithConfidence(KeypointDetectionOptions options) => options with { ConfidenceColumnName = Confidence };

    private static KeypointMetrics Measure(
        Func<MLContext, KeypointDetectingEstimator> detection, LabelledFrames labelled, PosePrior? prior, OfflineRegressor? offline, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(labelled);
        var mlContext = new MLContext();
        IFrameSet frames = labelled.Frames;
        SchemaDefinition schema = SchemaDefinition.Create(typeof(FrameRow));
        schema[nameof(FrameRow.Label)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 2 * labelled.Skeleton.Count);
        schema[nameof(FrameRow.SourceScale)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 2);
        IDataView rows = mlContext.Data.LoadFromEnumerable(Rows(labelled, cancellation), schema);
        IDataView detected = detection(mlContext).Fit(rows).Transform(rows);
        KeypointMetrics metrics = mlContext.Keypoints.Evaluate(detected, new KeypointEvaluationOptions
        {
            ImageWidth = frames.Width,
            ImageHeight = frames.Height,
            GroupColumnName = nameof(FrameRow.Group),
            ClusterColumnName = nameof(FrameRow.Clip),
            SourceScaleColumnName = nameof(FrameRow.SourceScale),
            Protocol = labelled.Protocol,
            ConfidenceColumnName = Confidence,
            PriorPoses = prior is null ? null : DetectorEvaluation.Resized(prior, frames),
        });
        return offline is null ? metrics : metrics with { FlipResolvedErrorPercent = FlipResolvedError(detected, labelled, offline) };
    }

    private static double? FlipResolvedError(IDataView detected, LabelledFrames labelled, OfflineRegressor offline)
    {
        const int batch = 32;
        IFrameSet frames = labelled.Frames;
        Clip[] clips = DetectorEvaluation.ClipsOf(frames);
        var evaluator = new KeypointEvaluator(labelled.Skeleton, labelled.Protocol, frames.Width, frames.Height);
        int index = 0;
        foreach (float[][] rows in detected.GetColumn<float[]>(Keypoints).Chunk(batch))
        {
            Vector2[][] predicted = [.. rows.Select(row => MemoryMarshal.Cast<float, Vector2>(row).ToArray())];
            Vector2[][] resolved = offline.Read(predicted, frames.Width, frames.Height);
            for (int i = 0; i < predicted.Length; i++, index++)
                evaluator.Add(predicted[i], labelled.Poses[index], new FrameContext(clips[index].Group, OfflinePose: resolved[i]));
        }
        return evaluator.Compute().FlipResolvedErrorPercent;
    }

    private static IEnumerable<FrameRow> Rows(LabelledFrames labelled, CancellationToken cancellation)
    {
        IFrameSet frames = labelled.Frames;
        foreach (Clip clip in frames.Clips)
        {
            for (int index = clip.Start; index < clip.Start + clip.Length; index++)
            {
                cancellation.ThrowIfCancellationRequested();
                var image = new RgbImage(frames.Width, frames.Height);
                frames.Read(index, image.Pixels);
                Vector2 scale = DetectorEvaluation.Context(frames, index, clip).SourceScale;
                yield return new FrameRow
                {
                    Image = ImageWriter.EncodePng(image),
                    Label = MemoryMarshal.Cast<Vector2, float>(labelled.Poses[index]).ToArray(),
                    Group = clip.Group,
                    Clip = clip.Name,
                    SourceScale = [scale.X, scale.Y],
                };
            }
        }
    }

    private sealed class FrameRow
    {
        public byte[] Image { get; init; } = [];

        public float[] Label { get; init; } = [];

        public string Group { get; init; } = "";

        public string Clip { get; init; } = "";

        public float[] SourceScale { get; init; } = [];
    }
}
