using System.Numerics;
using KeypointMl.Imaging.Files;

namespace KeypointMl.Data.Projects;

/// <summary>A label of a project.</summary>
/// <param name="Key">Its first columns in the file.</param>
/// <param name="Sequence">The video, or the folder of frames, or the image that it is of.</param>
/// <param name="Frame">The frame of a video; 0 for images.</param>
/// <param name="Image">The image; empty for videos.</param>
/// <param name="Points">The points in pixels; NaN where there is none.</param>
internal sealed record ProjectLabel(string Key, string Sequence, long Frame, string Image, Vector2[] Points);

/// <summary>What was written of labels.</summary>
/// <param name="First">The first frame that has one to measure with; 0 for images.</param>
/// <param name="Last">The last.</param>
/// <param name="Trained">How many are trained on.</param>
internal sealed record WrittenLabels(long First, long Last, int Trained);

/// <summary>
/// Which labels are trained on, and which the error is measured with. Neighbouring frames look alike, so that a random choice of
/// frames would measure what was learnt by heart: whole videos are kept back where there are enough of them
/// and they hold about a fifth of the labels, else the end of each.
/// </summary>
internal static class LabelDivision
{
    /// <summary>One in so many is measured with.</summary>
    private const int Share = 5;

    /// <summary>Divides labels. Those of one frame stay together.</summary>
    /// <param name="labels">All of them.</param>
    /// <param name="source">The file that they are of, for the message.</param>
    /// <exception cref="InvalidDataException">Fewer frames are labelled than can be divided.</exception>
    public static (ProjectLabel[] Train, ProjectLabel[] Test) Divide(IReadOnlyCollection<ProjectLabel> labels, string source)
    {
        IGrouping<(long Frame, string Image), ProjectLabel>[][] sequences =
        [
            .. labels.GroupBy(label => label.Sequence, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => group.GroupBy(label => (label.Frame, label.Image)).OrderBy(frame => frame.Key.Frame)
                    .ThenBy(frame => frame.Key.Image, NaturalOrder.Comparer).ToArray()),
        ];
        int frames = sequences.Sum(sequence => sequence.Length);
        if (frames < Share)
        {
            throw new InvalidDataException(
                $"{source}: {frames} labelled {(frames == 1 ? "frame is" : "frames are")} too few to train on some and to measure with "
                + $"others; at least {Share} are needed.");
        }
        int ofWhole = sequences.Index().Where(item => IsKept(item.Index)).Sum(item => item.Item.Length);
        // Whole sequences only where they are about the share that they should be.
        bool keepsWhole = sequences.Length >= Share && 2 * Share * ofWhole >= frames && 5 * ofWhole <= 2 * frames;
        var test = new HashSet<ProjectLabel>(ReferenceEqualityComparer.Instance);
        foreach ((int number, IGrouping<(long, string), ProjectLabel>[] sequence) in sequences.Index())
        {
            int kept = keepsWhole ? IsKept(number) ? sequence.Length : 0
                : sequence.Length == 1 ? 0 : (sequence.Length + Share - 1) / Share;
            foreach (IGrouping<(long, string), ProjectLabel> frame in sequence.TakeLast(kept))
                test.UnionWith(frame);
        }
        return ([.. labels.Where(label => !test.Contains(label))], [.. labels.Where(test.Contains)]);

        static bool IsKept(int sequence) => sequence % Share == Share - 1;
    }
}
