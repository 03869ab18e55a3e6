using System.Globalization;
using System.Text;
using KeypointMl.Imaging.Files;

namespace KeypointMl.Data.Priors;

/// <summary>
/// Writes prior poses as <see cref="PriorCsvReader"/> reads them: <c>pose</c>, then <c>name_x,name_y</c>, with three decimals.
/// </summary>
internal static class PriorCsv
{
    /// <summary>Writes a file.</summary>
    /// <param name="prior">The poses.</param>
    /// <param name="path">The file; its folder must exist. An old file is replaced.</param>
    /// <param name="ids">What to call each pose; null for its number.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    internal static void Write(PosePrior prior, string path, IReadOnlyList<string>? ids = null) => AtomicFile.Write(path, stream =>
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
        IEnumerable<string> columns = prior.Skeleton.Keypoints.SelectMany(name => new[] { $"{name}_x", $"{name}_y" });
        writer.WriteLine($"pose,{string.Join(',', columns.Select(CsvText.Quote))}");
        for (int i = 0; i < prior.Poses.Count; i++)
        {
            IEnumerable<string> points =
                prior.Poses[i].Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.X:F3},{point.Y:F3}"));
            string id = ids is null ? i.ToString(CultureInfo.InvariantCulture) : CsvText.Quoted(ids[i]);
            writer.WriteLine($"{id},{string.Join(',', points)}");
        }
    });
}
