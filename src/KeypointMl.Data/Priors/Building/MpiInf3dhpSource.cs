using System.Numerics;
using KeypointMl.Data.Formats.Mat;
using KeypointMl.Data.Readers.Sets;

namespace KeypointMl.Data.Priors.Building;

/// <summary>
/// The motion capture of MPI-INF-3DHP's training part: the joints in one camera's coordinates (<c>annot3</c>,
/// millimetres, y down).
/// </summary>
internal sealed record MpiInf3dhpSource(string Root, IReadOnlyList<string> Subjects, IReadOnlyList<int> Sequences, int Camera, int Step)
{
    // joint_parents_o1 of the data set's own scripts, counted from 0; the pelvis is the root.
    private static readonly int[] Parents =
    [
        2, 0, 3, 4, -1, 1, 5, 6, 5, 8, 9, 10, 11, 5, 13, 14, 15, 16, 4, 18, 19, 20, 21, 4, 23, 24, 25, 26,
    ];

    private static readonly MotionSkeleton Skeleton = new(MpiInf3dhpJoints.Names, Parents);

    internal IReadOnlyList<MotionFrame> Read(string dataRoot, List<string> files, CancellationToken cancellation)
    {
        var up = new UpAxis("-y");
        int joints = Skeleton.Names.Count;
        var frames = new List<MotionFrame>();
        foreach (string subject in Subjects)
        {
            foreach (int sequence in Sequences)
            {
                cancellation.ThrowIfCancellationRequested();
                string id = $"{Root}/{subject}/Seq{sequence}";
                string path = Path.Combine(dataRoot, id, "annot.mat");
                MatCell cameras = MatFile.Read(path, only: new HashSet<string> { "annot3" })["annot3"].AsCell();
                files.Add(path);
                if (Camera >= cameras.Count)
                    throw cameras.Error($"expected at least {Camera + 1} cameras");
                MatNumeric numbers = cameras.Items[Camera].AsNumeric().RequireMatrix(null, 3 * joints);
                (double[] values, int count) = (numbers.ToDoubles(), numbers.Dimensions[0]);
                for (int frame = 0; frame < count; frame += Step)
                {
                    int row = frame;
                    float At(int column) => (float)values[row + column * count];
                    frames.Add(new MotionFrame($"{id}#{frame}",
                        [.. Enumerable.Range(0, joints).Select(j => up.ToYUp(new Vector3(At(3 * j), At(3 * j + 1), At(3 * j + 2))))],
                            Skeleton));
                }
            }
        }
        return frames;
    }
}
