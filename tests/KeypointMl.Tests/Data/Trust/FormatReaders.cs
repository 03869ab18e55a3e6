using System.Text;
using KeypointMl.Data.Formats.Bvh;
using KeypointMl.Data.Formats.DeepLabCut;
using KeypointMl.Data.Formats.Hdf5;
using KeypointMl.Data.Formats.Landmarks;
using KeypointMl.Data.Formats.Mat;
using KeypointMl.Data.Formats.PoseFiles;

namespace KeypointMl.Tests.Data.Trust;

/// <summary>The readers of formats of others: HDF5 with what lies in it, MATLAB, pickles, motion capture and landmarks.</summary>
internal static class FormatReaders
{
    private static readonly (string Name, object Value)[] Variables =
    [
        ("points", new double[,] { { 1.5, 2 }, { -3, 4 } }),
        ("single", new float[,] { { 0.5f, 1 } }),
        ("mask", new byte[,] { { 0, 1 }, { 1, 0 } }),
        ("action", "jump ä"),
        ("cameras", new object[] { 1.0, "second", new object[] { 3.0 } }),
        ("info", new Dictionary<string, object> { ["name"] = "S1", ["size"] = new double[,] { { 640, 480 } } }),
    ];

    /// <summary>All of them.</summary>
    public static FuzzedReader[] All { get; } =
    [
        new("deeplabcut-fixed", ".h5", () => Pandas("labels.h5", "mixed-fixed.h5", "numbers-fixed.h5", "object-fixed.h5"), path =>
            PoseFile.Read(path)) { NightlyCases = 150_000 },
        new("deeplabcut-table", ".h5", () => Pandas("predictions.h5", "mixed-images-table.h5", "accents-table.h5"), path =>
            PoseFile.Read(path)) { NightlyCases = 100_000 },
        new("sleap", ".slp", () => Hdf5("latest.slp", "big-endian.slp", "soft-link.slp"), path => PoseFile.Read(path))
            { NightlyCases = 150_000 },
        new("sleap-package", ".slp", () => Hdf5("embedded.pkg.slp"), path => PoseFile.Read(path)) { NightlyCases = 100_000 },
        new("sleap-analysis", ".h5", () => Hdf5("analysis.h5", "analysis-standard.h5"), path => PoseFile.Read(path))
            { NightlyCases = 150_000 },
        new("hdf5-kinds", ".h5", () => Hdf5("kinds-earliest.h5", "kinds-latest.h5"), ReadKinds) { NightlyCases = 100_000 },
        new("mat-7.3", ".mat", Version73, path => MatFile.Read(path)) { NightlyCases = 200_000 },
        new("mat-5", ".mat", () => [MatWriter.File(false, Variables)], path => MatFile.Read(path)) { NightlyCases = 600_000 },
        new("mat-5-compressed", ".mat", () => [MatWriter.File(true, Variables)], path => MatFile.Read(path)) { NightlyCases = 200_000 },
        new("mat-5-in-zlib", ".mat", () => [MatWriter.File(false, Variables[^1])[128..]], path => MatFile.Read(path))
            { Wrap = Compressed, NightlyCases = 200_000 },
        Text("pickled-names", ".pkl", path => PickledColumns.Read(File.ReadAllBytes(path), path), Pickles.Names),
        new("pickled-array", ".pkl", () => [Encoding.Latin1.GetBytes(Pickles.Objects)], path =>
            PickledColumns.ReadArray(File.ReadAllBytes(path), path)) { NightlyCases = 600_000 },
        Text("bvh", ".bvh", path => BvhMotion.Read(path), BvhTests.Bvh),
        Text("pts", ".pts", path => PtsFile.Read(path), "version: 1\nn_points: 3\n{\n1 2\n3.5 4e0\n-5 6\n}\n"),
        Text("cat", ".cat", path => CatFile.Read(path), "9 0 0 30 0 15 30 1 2 3 4 5 6 7 8 9 10 11 12 "),
        Text("voxceleb-track", ".txt", path => VoxCelebTrack.Read(path),
            "Identity  : \tid1\nReference : \tabc\n\nFRAME \tX \tY \tW \tH \n000 0.25 0 0.5 1\n001 0.25 0.125 0.5 0.5\n"),
    ];

    private static FuzzedReader Text(string name, string extension, Action<string> read, params string[] samples) =>
        new(name, extension, () => [.. samples.Select(Encoding.UTF8.GetBytes)], read) { Words = Spoiling.NumberWords };

    private static byte[][] Pandas(params string[] names) => [.. names.Select(name => File.ReadAllBytes(PoseFileTests.Pandas(name)))];

    private static byte[][] Hdf5(params string[] names) => [.. names.Select(name => File.ReadAllBytes(Hdf5Tests.Committed(name)))];

    private static byte[][] Version73()
    {
        using var folder = new TemporaryFolder();
        return [File.ReadAllBytes(MatSamples.WriteVersion73(folder)), .. Hdf5("big-endian.mat")];
    }

    // Of a MATLAB file all that follows the header, as one compressed element: what is inside is spoiled, its checksum is right.
    private static byte[] Compressed(byte[] content) =>
    [
        .. MatWriter.File(false)[..128], .. MatWriter.Element(15, MatWriter.Deflate(content), pad: false),
    ];

    private static void ReadKinds(string path)
    {
        using var source = Hdf5Source.Open(path, 1 << 20);
        foreach (Hdf5Link link in source.Root.Links)
        {
            if (source.Root.Follow(link) is Hdf5Dataset set)
                source.Doubles(set);
        }
    }
}
