using System.Numerics;
using System.Runtime.InteropServices;
using KeypointMl.Data.Priors;
using KeypointMl.Loading;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Training.MlNet.Loading;

/// <summary>The unpaired prior poses of a data set, which are read when it is opened.</summary>
internal sealed class PriorDataView(PosePrior prior, int width, int height)
    : LoadedDataView([LoadedColumn.Keypoints(Pose, prior.Skeleton, (width, height))])
{
    public const string Pose = "Pose";

    private readonly IReadOnlyList<Vector2[]> poses = prior.ScaledTo(width, height);

    public override long? GetRowCount() => poses.Count;

    protected override LoadedRows OpenRows() => new Rows(poses);

    private sealed class Rows(IReadOnlyList<Vector2[]> poses) : LoadedRows
    {
        private int row = -1;

        public override bool MoveNext() => ++row < poses.Count;

        public override Delegate Getter(string column) =>
            (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) => Write(MemoryMarshal.Cast<Vector2, float>(poses[row]), ref value));
    }
}
