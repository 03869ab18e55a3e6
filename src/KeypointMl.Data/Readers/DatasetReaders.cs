namespace KeypointMl.Data;

/// <summary>The readers that a manifest's <c>reader.kind</c> can name.</summary>
internal static class DatasetReaders
{
    private static readonly Dictionary<string, Func<YamlSection, YamlValue?, DatasetReader>> Kinds = new(StringComparer.Ordinal)
    {
        ["video-boxes"] = VideoBoxesReader.Parse,
        ["image-list"] = ImageListReader.Parse,
        ["image-folder"] = ImageFolderReader.Parse,
        ["puppets"] = PuppetsReader.Parse,
        ["prior-only"] = PriorOnlyReader.Parse,
        ["pose-file"] = PoseFileReader.Parse,
        ["landmark-images"] = LandmarkImagesReader.Parse,
        ["simplified-human36m"] = SimplifiedHuman36mReader.Parse,
        ["human36m"] = Human36mReader.Parse,
        ["penn-action"] = PennActionReader.Parse,
        ["mpi-inf-3dhp"] = MpiInf3dhpReader.Parse,
        ["voxceleb2"] = VoxCeleb2Reader.Parse,
    };

    /// <summary>Reads the sections <c>reader</c> and <c>splits</c> of a manifest.</summary>
    internal static DatasetReader Parse(YamlSection reader, YamlValue? splits) => Kinds[reader.Required("kind").AsOneOf(Kinds.Keys)](reader, splits);
}
