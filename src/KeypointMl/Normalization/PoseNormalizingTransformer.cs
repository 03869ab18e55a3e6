using System.Numerics;
using KeypointMl.Keypoints;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace KeypointMl.Normalization;

/// <summary>
/// Adds a column of poses without place and size; made by <see cref="PoseNormalizingEstimator"/>, saved and loaded by
/// <c>mlContext.Model</c>.
/// </summary>
public sealed class PoseNormalizingTransformer : AddedColumnTransformer
{
    internal const string LoaderSignature = "KeypointMlNormalize";

    private static readonly SavedTransform Saved = new("NormalizePose", "KPMLNORM", LoaderSignature, 1);

    private readonly PoseNormalizingSettings settings;
    private readonly PoseNormalizer normalizer;

    internal PoseNormalizingTransformer(PoseNormalizingSettings settings)
        : base(settings.OutputColumn, Saved, settings)
    {
        this.settings = settings;
        normalizer = settings.Normalizer();
    }

    /// <summary>What is taken out.</summary>
    public PoseNormalization Normalization => settings.Normalization;

    /// <summary>Names the K keypoints.</summary>
    public Skeleton Skeleton => settings.Skeleton!;

    private protected override RowMapping Map(DataViewSchema input)
    {
        KeypointColumn keypoints = KeypointColumn.Find(input, settings.KeypointsColumn, Skeleton);
        var added = new DataViewSchema.DetachedColumn(
            OutputColumnName,
            new VectorDataViewType(NumberDataViewType.Single, keypoints.Length),
            KeypointAnnotations.Create(Skeleton, KeypointAnnotations.PointSlots(Skeleton, keypoints.HasConfidence)));
        return new RowMapping(input, added, [keypoints.Column], row => Getter(row, keypoints));
    }

    // Found by ML.NET's component catalog under this name.
    private static PoseNormalizingTransformer Create(IHostEnvironment env, object ctx) =>
        new(Saved.Read<PoseNormalizingSettings>(ctx, settings =>
        {
            settings.Check();
            settings.Normalizer();
        }));

    private ValueGetter<VBuffer<float>> Getter(DataViewRow row, KeypointColumn keypoints)
    {
        var poses = new KeypointReader(row, keypoints);
        return (ref VBuffer<float> value) =>
        {
            try
            {
                poses.Read();
            }
            catch (InvalidDataException e)
            {
                throw RowFault.Explain(e, row.Position);
            }
            normalizer.Normalize(poses.Points);
            var editor = VBufferEditor.Create(ref value, keypoints.Length);
            int stride = keypoints.HasConfidence ? 3 : 2;
            for (int k = 0; k < poses.Points.Length; k++)
            {
                Vector2 point = poses.Points[k];
                (editor.Values[stride * k], editor.Values[stride * k + 1]) = (point.X, point.Y);
                if (keypoints.HasConfidence)
                    editor.Values[stride * k + 2] = poses.Confidence[k];
            }
            value = editor.Commit();
        };
    }
}
