using System.Globalization;
using System.Text;
using KeypointMl.Imaging.Files;

namespace KeypointMl.Data.Priors.Building;

/// <summary>A prior that <see cref="PriorBuilder"/> made.</summary>
/// <param name="Prior">The poses.</param>
/// <param name="Ids">Which source pose each was made of.</param>
/// <param name="Provenance">Where they came from.</param>
public sealed record BuiltPrior(PosePrior Prior, IReadOnlyList<string> Ids, PriorProvenance Provenance)
{
    /// <summary>The name of the provenance file of a prior: its own, with <c>.provenance.json</c>.</summary>
    public static string ProvenancePath(string path) => Path.ChangeExtension(path, ".provenance.json");

    /// <summary>
    /// Writes the poses as CSV for <see cref="PriorCsvReader"/> (<c>pose</c>, then <c>name_x,name_y</c>, with three
    /// decimals) and the provenance beside it.
    /// </summary>
    /// <param name="path">The .csv file; its folder must exist. An old file is replaced.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(string path)
    {
        AtomicFile.Write(path, stream =>
        {
            using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
            writer.WriteLine("pose," + string.Join(',', Prior.Skeleton.Keypoints.Select(name => $"{name}_x,{name}_y")));
            for (int i = 0; i < Prior.Poses.Count; i++)
            {
                writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"\"{Ids[i]}\",{string.Join(',', Prior.Poses[i].Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.X:F3},{point.Y:F3}")))}"));
            }
        });
        AtomicFile.WriteAllText(ProvenancePath(path), Provenance.ToJson());
    }
}
