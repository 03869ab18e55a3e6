namespace KeypointMl.Data;

/// <summary>Folders of data sets.</summary>
internal static class SetFolder
{
    /// <summary>A folder under the data root that must be there.</summary>
    internal static string Require(string dataRoot, string folder)
    {
        string path = Path.Combine(dataRoot, folder);
        return Directory.Exists(path) ? path : throw new DirectoryNotFoundException($"There is no folder {path}. See the manifest for how to obtain the data, and 'data check' for what is missing.");
    }

    /// <summary>The names of the folders in a folder, in natural order.</summary>
    internal static IEnumerable<string> SubFolders(string folder) => Directory.EnumerateDirectories(folder).Select(path => Path.GetFileName(path)).Order(NaturalOrder.Comparer);
}
