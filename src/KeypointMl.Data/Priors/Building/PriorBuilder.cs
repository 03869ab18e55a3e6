using System.Numerics;
using System.Security.Cryptography;
using KeypointMl.Data.Manifests;

namespace KeypointMl.Data.Priors.Building;

/// <summary>Builds a prior as a recipe says. Every pose is a function of the recipe, its seed and the sources alone.</summary>
public static class PriorBuilder
{
    private const ulong Stream = 0x4D4F434150; // "MOCAP"
    private const int AttemptsPerPose = 100;

    /// <summary>Builds.</summary>
    /// <param name="recipe">The recipe.</param>
    /// <param name="dataRoot">
    /// The folder that the sources' paths start from; null for the root that a manifest of labels names, else the environment
    /// variable.
    /// </param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="DirectoryNotFoundException">The data root is needed, and not given or not there.</exception>
    /// <exception cref="InvalidDataException">
    /// A source cannot be read, lacks a joint, or gives hardly a pose that passes the filters; the message names file
    /// and position.
    /// </exception>
    public static BuiltPrior Build(PriorBuildRecipe recipe, string? dataRoot, CancellationToken cancellation = default)
    {
        var files = new List<string>();
        return recipe.Motion is null
            ? FromLabels(recipe, dataRoot, files, cancellation)
            : FromMotion(recipe, DataRoot.Resolve(dataRoot), files, cancellation);
    }

    private static BuiltPrior FromMotion(PriorBuildRecipe recipe, string root, List<string> files, CancellationToken cancellation)
    {
        IReadOnlyList<MotionFrame> frames = recipe.Motion!(root, files, cancellation);
        if (frames.Count == 0)
            throw new InvalidDataException($"{recipe.Path}: the motions have no frame.");
        var poses = new List<Vector2[]>(recipe.Count);
        var ids = new List<string>(recipe.Count);
        var rejected = new SortedDictionary<string, int>(StringComparer.Ordinal);
        long attempts = 0;
        while (poses.Count < recipe.Count)
        {
            cancellation.ThrowIfCancellationRequested();
            if (attempts >= (long)AttemptsPerPose * recipe.Count)
            {
                throw new InvalidDataException(
                    $"{recipe.Path}: of {attempts} drawn poses only {poses.Count} passed the filters "
                    + $"({string.Join(", ", rejected.Select(entry => $"{entry.Value} {entry.Key}"))}); "
                    + "widen the filters, or move the camera back.");
            }
            var random = new SeededRandom(recipe.Seed, Stream, (ulong)attempts++);
            MotionFrame frame = frames[random.Next(frames.Count)];
            Vector3[] joints = recipe.BoneLengthJitter > 0
                ? frame.Skeleton.WithJitteredBones(frame.Joints, recipe.BoneLengthJitter, ref random)
                : frame.Joints;
            Vector2[]? projected = recipe.Camera!.Project(recipe.Joints!.Apply(joints, frame.Skeleton), ref random);
            if (recipe.Filters.Reject(projected) is string reason)
            {
                rejected[reason] = rejected.GetValueOrDefault(reason) + 1;
                continue;
            }
            poses.Add(recipe.Crop.Place(projected!, ref random));
            ids.Add(frame.Id);
        }
        return Make(recipe, poses, ids, files, root, attempts, frames.Count, rejected);
    }

    private static BuiltPrior FromLabels(PriorBuildRecipe recipe, string? dataRoot, List<string> files, CancellationToken cancellation)
    {
        (string name, string split) = recipe.Labels!.Value;
        string path = ShippedFiles.FindNamed("data-manifests", name);
        var manifest = DataManifest.Load(path);
        if (manifest.Reader is not FileDatasetReader reader || !reader.LabelledSplits.Contains(split))
            throw new InvalidDataException($"{recipe.Path}: the data set '{manifest.Name}' has no labels of a split '{split}' in files.");
        files.Add(path);
        string root = DataRoot.Resolve(manifest.RootOr(dataRoot));
        var options = new DatasetOptions
        {
            DataRoot = root,
            Width = recipe.Crop.Width,
            Height = recipe.Crop.Height,
            Cancellation = cancellation,
        };
        IReadOnlyList<Vector2[]> labels = reader.OpenPoses(split, recipe.Skeleton, root, options, null);
        var rejected = new SortedDictionary<string, int>(StringComparer.Ordinal);
        int[] usable = [.. Enumerable.Range(0, labels.Count).Where(i => IsUsable(labels[i], recipe, rejected))];
        var poses = new List<Vector2[]>();
        var ids = new List<string>();
        foreach (int i in EvenChoice.Choose(usable.Length, recipe.Count).Select(chosen => usable[chosen]))
        {
            var random = new SeededRandom(recipe.Seed, Stream, (ulong)i);
            poses.Add(recipe.Crop.Place(labels[i], ref random));
            ids.Add($"{manifest.Name}/{split}#{i}");
        }
        return Make(recipe, poses, ids, files, root, labels.Count, labels.Count, rejected);
    }

    private static bool IsUsable(Vector2[] pose, PriorBuildRecipe recipe, SortedDictionary<string, int> rejected)
    {
        string? reason = !pose.All(point => float.IsFinite(point.X) && float.IsFinite(point.Y))
            ? "incomplete"
            : recipe.Filters.IsUpright(pose) ? null : "not upright";
        if (reason is not null)
            rejected[reason] = rejected.GetValueOrDefault(reason) + 1;
        return reason is null;
    }

    private static BuiltPrior Make(
        PriorBuildRecipe recipe,
        List<Vector2[]> poses,
        List<string> ids,
        List<string> files,
        string root,
        long attempts,
        int sourcePoses,
        SortedDictionary<string, int> rejected)
    {
        var prior = new PosePrior(recipe.Skeleton, poses, recipe.Crop.Width, recipe.Crop.Height, recipe.Name);
        var provenance = new PriorProvenance
        {
            Recipe = recipe.Name,
            RecipeSha256 = Hash(recipe.Path),
            Seed = recipe.Seed,
            Skeleton = recipe.Skeleton.Name,
            Width = recipe.Crop.Width,
            Height = recipe.Crop.Height,
            Poses = poses.Count,
            SourcePoses = sourcePoses,
            Drawn = attempts,
            Rejected = rejected,
            Sources = [.. files.Select(file => new PriorSourceFile(Name(file), Hash(file)))],
        };
        return new BuiltPrior(prior, ids, provenance);

        string Name(string file) => file.StartsWith(root, StringComparison.Ordinal)
            ? Path.GetRelativePath(root, file).Replace('\\', '/')
            : Path.GetFileName(file);
    }

    private static string Hash(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
