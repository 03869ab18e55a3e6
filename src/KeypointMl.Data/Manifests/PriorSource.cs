using System.Numerics;
using KeypointMl.Data.Priors;
using KeypointMl.Data.Yaml;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Manifests;

/// <summary>Where a data set's prior poses come from.</summary>
public abstract record PriorSource
{
    private protected PriorSource()
    {
    }

    internal static PriorSource Parse(YamlSection section) =>
        section.Optional("split") is null ? PriorFile.Parse(section) : PriorSplit.Parse(section);

    internal abstract PosePrior Open(FileDatasetReader reader, Skeleton skeleton, string dataRoot, DatasetOptions options);
}

/// <summary>Prior poses in a file.</summary>
/// <param name="Path">A CSV file as of <see cref="PriorCsvReader"/>, relative to the data root.</param>
/// <param name="Width">Width of the crop that the coordinates are pixels of.</param>
/// <param name="Height">Its height.</param>
public sealed record PriorFile(string Path, int Width, int Height) : PriorSource
{
    internal static new PriorFile Parse(YamlSection section)
    {
        var prior = new PriorFile(
            section.Required("poses").AsString(), section.Required("width").AsInt32(1), section.Required("height").AsInt32(1));
        section.RejectUnknownKeys();
        return prior;
    }

    internal override PosePrior Open(FileDatasetReader reader, Skeleton skeleton, string dataRoot, DatasetOptions options) =>
        PriorCsvReader.Read(System.IO.Path.Combine(dataRoot, Path), skeleton, Width, Height, Path);
}

/// <summary>
/// The labels of one of the data set's own splits as prior poses: of other videos, subjects or halves than the training
/// images, which the manifest must see to.
/// </summary>
/// <param name="Split">The split; never the one whose images are trained on.</param>
/// <param name="MaxPoses">How many of its complete poses to take, evenly chosen; null for all.</param>
public sealed record PriorSplit(string Split, int? MaxPoses) : PriorSource
{
    internal static new PriorSplit Parse(YamlSection section)
    {
        var prior = new PriorSplit(section.Required("split").AsString(), section.Optional("max_poses")?.AsInt32(1));
        section.RejectUnknownKeys();
        return prior;
    }

    internal override PosePrior Open(FileDatasetReader reader, Skeleton skeleton, string dataRoot, DatasetOptions options)
    {
        if (Split == options.TrainingSplit)
        {
            throw new InvalidDataException(
                $"The prior is the labels of split '{Split}', whose images are trained on. "
                + "The prior must be of other images: give the manifest's prior another split.");
        }
        if (!reader.LabelledSplits.Contains(Split))
        {
            throw new InvalidDataException(
                $"The prior is split '{Split}', which has no labels; labelled are {string.Join(", ", reader.LabelledSplits)}.");
        }
        IReadOnlyList<Vector2[]> poses = reader.OpenPoses(Split, skeleton, dataRoot, options, MaxPoses);
        // A pose with a missing point cannot be drawn as a whole.
        Vector2[][] complete = [.. poses.Where(FileDatasetReader.IsComplete)];
        return new PosePrior(skeleton, complete, options.Width, options.Height,
            $"labels of split '{Split}' ({complete.Length} complete poses{(MaxPoses is null ? $" of {poses.Count}" : ", evenly chosen")})");
    }
}
