using KeypointMl.Data.Formats.Bvh;
using KeypointMl.Data.Readers.Sets;
using KeypointMl.Imaging.Files;

namespace KeypointMl.Data.Priors.Building;

/// <summary>Motions in BVH files.</summary>
internal sealed record BvhSource(string Pattern, int Step, UpAxis Up)
{
    internal IReadOnlyList<MotionFrame> Read(string dataRoot, List<string> files, CancellationToken cancellation)
    {
        var frames = new List<MotionFrame>();
        MotionSkeleton? shared = null;
        foreach (string path in Find(dataRoot))
        {
            cancellation.ThrowIfCancellationRequested();
            BvhMotion motion = BvhMotion.Read(path);
            files.Add(path);
            string[] names = [.. motion.Joints.Select(joint => joint.Name)];
            // Motions of one subject share their skeleton, so that the joints are looked up by name once.
            if (shared is null || !shared.Names.SequenceEqual(names))
                shared = new MotionSkeleton(names, [.. motion.Joints.Select(joint => joint.Parent)]);
            string id = Path.GetRelativePath(dataRoot, path).Replace('\\', '/');
            for (int frame = 0; frame < motion.FrameCount; frame += Step)
                frames.Add(new MotionFrame($"{id}#{frame}", Array.ConvertAll(motion.Positions(frame), Up.ToYUp), shared));
        }
        return frames;
    }

    private IEnumerable<string> Find(string dataRoot)
    {
        string folder = SetFolder.Require(dataRoot, Path.GetDirectoryName(Pattern) ?? "");
        string[] paths = [.. Directory.EnumerateFiles(folder, Path.GetFileName(Pattern)).Order(NaturalOrder.Comparer)];
        return paths.Length > 0 ? paths : throw new FileNotFoundException($"There is no file {Path.Combine(dataRoot, Pattern)}.");
    }
}
