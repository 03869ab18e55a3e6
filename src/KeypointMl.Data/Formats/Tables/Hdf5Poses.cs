namespace KeypointMl.Data;

/// <summary>Reads poses from an HDF5 file, whose name does not say which tool wrote it.</summary>
internal static class Hdf5Poses
{
    private const long MaxBytes = 2L << 30;

    internal static PoseTable Read(string path)
    {
        using var source = Hdf5Source.Open(path, MaxBytes);
        if (source.Find("metadata")?.Attribute("json") is not null)
            return SleapReader.Read(source);
        return SleapAnalysisReader.IsAnalysis(source) ? SleapAnalysisReader.Read(source) : DeepLabCutH5Reader.Read(source);
    }
}
