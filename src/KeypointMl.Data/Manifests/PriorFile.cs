using KeypointMl.Poses;

namespace KeypointMl.Data;

/// <summary>Prior poses in a file.</summary>
/// <param name="Path">A CSV file as of <see cref="PriorCsvReader"/>, relative to the data root.</param>
/// <param name="Width">Width of the crop that the coordinates are pixels of.</param>
/// <param name="Height">Its height.</param>
public sealed record PriorFile(string Path, int Width, int Height) : PriorSource
{
    internal static new PriorFile Parse(YamlSection section)
    {
        var prior = new PriorFile(section.Required("poses").AsString(), section.Required("width").AsInt32(1), section.Required("height").AsInt32(1));
        section.RejectUnknownKeys();
        return prior;
    }

    internal override PosePrior Open(FileDatasetReader reader, Skeleton skeleton, string dataRoot, DatasetOptions options) =>
        PriorCsvReader.Read(System.IO.Path.Combine(dataRoot, Path), skeleton, Width, Height, Path);
}
