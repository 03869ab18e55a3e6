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
    /// <summary>Runs the detector over all labelled frames.</summary>
    /// <param name="detectorPath">A <c>detector.onnx</c>.</param>
    /// <param name="labelled">Frames with labels, of any size.</param>
    /// <param name="prior">For the baselines 'mean pose' and 'random prior pose', or null to leave them out.</param>
    /// <param name="options">Device, threads and batch size.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> asked to stop.</exception>
    /// <exception cref="InvalidDataException">The detector's keypoints are not the data set's.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static KeypointMetrics Measure(string detectorPath, LabelledFrames labelled, PosePrior? prior, KeypointDetectionOptions options = default, CancellationToken cancellation = default)
    {
        var mlContext = new MLContext();
        IFrameSet frames = labelled.Frames;
        SchemaDefinition schema = SchemaDefinition.Create(typeof(FrameRow));
        schema[nameof(FrameRow.Label)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 2 * labelled.Skeleton.Count);
        IDataView rows = mlContext.Data.LoadFromEnumerable(Rows(labelled, cancellation), schema);
        IDataView detected = mlContext.Transforms.DetectKeypoints("Keypoints", nameof(FrameRow.Image), detectorPath, options).Fit(rows).Transform(rows);
        return mlContext.Keypoints.Evaluate(detected, new KeypointEvaluationOptions
        {
            ImageWidth = frames.Width,
            ImageHeight = frames.Height,
            GroupColumnName = nameof(FrameRow.Group),
            Protocol = labelled.Protocol,
            PriorPoses = prior is null ? null : DetectorEvaluation.Resized(prior, frames),
        });
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
                yield return new FrameRow
                {
                    Image = ImageWriter.EncodePng(image),
                    Label = MemoryMarshal.Cast<Vector2, float>(labelled.Poses[index]).ToArray(),
                    Group = clip.Group,
                };
            }
        }
    }

    private sealed class FrameRow
    {
        public byte[] Image { get; init; } = [];

        public float[] Label { get; init; } = [];

        public string Group { get; init; } = "";
    }
}
