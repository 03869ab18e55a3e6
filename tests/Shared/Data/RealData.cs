using KeypointMl.Data.Manifests;
using KeypointMl.Imaging.Video;

namespace KeypointMl.Testing;

/// <summary>
/// The real data sets, where they are present: the folder that <c>KEYPOINTML_DATA</c> names, else <c>../shared/data</c>
/// from the repository's root.
/// </summary>
internal static class RealData
{
    /// <summary>The data root; skips the test, saying so, where the data set is not there.</summary>
    internal static string RequireRoot(string dataset)
    {
        string? fromEnvironment = Environment.GetEnvironmentVariable(DataRoot.EnvironmentVariable);
        string root = string.IsNullOrEmpty(fromEnvironment)
            ? Path.GetFullPath(Path.Combine(RepositoryFiles.Root, "..", "shared", "data"))
            : fromEnvironment;
        if (!Directory.Exists(Path.Combine(root, dataset)))
        {
            Assert.Inconclusive(
                $"Skipped: the data set '{dataset}' is not in {root}. Set {DataRoot.EnvironmentVariable} to the folder that holds it.");
        }
        return root;
    }

    /// <summary>Skips the test, saying so, where ffmpeg is not installed.</summary>
    internal static void RequireFfmpeg()
    {
        try
        {
            FfmpegProcess.Start("ffprobe", ["-version"]).Dispose();
            FfmpegProcess.Start("ffmpeg", ["-version"]).Dispose();
        }
        catch (FfmpegNotFoundException)
        {
            Assert.Inconclusive("Skipped: ffmpeg is not installed.");
        }
    }

    internal static string Manifest(string name) => RepositoryFiles.Path($"data-manifests/{name}.yaml");
}
