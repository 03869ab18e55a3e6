using KeypointMl.Poses;

namespace KeypointMl.Data;

/// <summary>Where a data set's prior poses are.</summary>
/// <param name="Path">A CSV file as of <see cref="PriorCsvReader"/>, relative to the data root.</param>
/// <param name="Width">Width of the crop that the coordinates are pixels of.</param>
/// <param name="Height">Its height.</param>
public sealed record PriorFile(string Path, int Width, int Height)
{
    internal static PriorFile Parse(YamlSection section)
    {
        var prior = new PriorFile(section.Required("poses").AsString(), section.Required("width").AsInt32(1), section.Required("height").AsInt32(1));
        section.RejectUnknownKeys();
        return prior;
    }

    internal PosePrior Open(string dataRoot, Skeleton skeleton) =>
        PriorCsvReader.Read(System.IO.Path.Combine(dataRoot, Path), skeleton, Width, Height, Path);
}
