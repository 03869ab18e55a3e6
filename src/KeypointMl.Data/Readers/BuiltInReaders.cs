using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using KeypointMl.Data.Manifests;
using KeypointMl.Data.Readers.Sets;

namespace KeypointMl.Data.Readers;

/// <summary>Registers this library's readers.</summary>
internal static class BuiltInReaders
{
    // When the assembly is loaded, and so before any manifest is: manifests know readers by their names alone.
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255:The 'ModuleInitializer' attribute should not be used in libraries",
        Justification = "It fills a table and nothing else.")]
    internal static void Register()
    {
        DatasetReaders.Register("video-boxes", VideoBoxesReader.Parse);
        DatasetReaders.Register("image-boxes", ImageBoxesReader.Parse);
        DatasetReaders.Register("image-list", ImageListReader.Parse);
        DatasetReaders.Register("image-folder", ImageFolderReader.Parse);
        DatasetReaders.Register("puppets", PuppetsReader.Parse);
        DatasetReaders.Register("prior-only", PriorOnlyReader.Parse);
        DatasetReaders.Register("pose-file", PoseFileReader.Parse);
        DatasetReaders.Register("landmark-images", LandmarkImagesReader.Parse);
        DatasetReaders.Register("simplified-human36m", SimplifiedHuman36mReader.Parse);
        DatasetReaders.Register("human36m", Human36mReader.Parse);
        DatasetReaders.Register("penn-action", PennActionReader.Parse);
        DatasetReaders.Register("mpi-inf-3dhp", MpiInf3dhpReader.Parse);
        DatasetReaders.Register("voxceleb2", VoxCeleb2Reader.Parse);
    }
}
