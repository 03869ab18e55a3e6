using System.Numerics;
using KeypointMl.Imaging.Files;

namespace KeypointMl.Data.Readers.Sets;

/// <summary>Folders of data sets.</summary>
internal static class SetFolder
{
    /// <summary>A folder under the data root that must be there.</summary>
    internal static string Require(string dataRoot, string folder)
    {
        string path = Path.Combine(dataRoot, folder);
        return Directory.Exists(path)
            ? path
            : throw new DirectoryNotFoundException(
                $"There is no folder {path}. See the manifest for how to obtain the data, and 'data check' for what is missing.");
    }

    /// <summary>The names of the folders in a folder, in natural order.</summary>
    internal static IEnumerable<string> SubFolders(string folder) =>
        Directory.EnumerateDirectories(folder).Select(path => Path.GetFileName(path)).Order(NaturalOrder.Comparer);
}

/// <summary>Points from MATLAB's column-major numbers.</summary>
internal static class MatPoints
{
    /// <summary>Points of a K×2 matrix, a coordinate a column.</summary>
    internal static Vector2[] OfColumns(double[] numbers, int count) =>
        [.. Enumerable.Range(0, count).Select(k => new Vector2((float)numbers[k], (float)numbers[k + count]))];

    /// <summary>The points of one row of an N×2K matrix, x and y in turn.</summary>
    internal static Vector2[] OfRow(double[] numbers, int rows, int row, int count) =>
        [.. Enumerable.Range(0, count)
            .Select(k => new Vector2((float)numbers[row + 2 * k * rows], (float)numbers[row + (2 * k + 1) * rows]))];
}
