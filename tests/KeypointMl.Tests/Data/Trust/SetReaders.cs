using KeypointMl.Data.Frames;
using KeypointMl.Data.Manifests;
using KeypointMl.Data.Readers;
using KeypointMl.Imaging.Images;

namespace KeypointMl.Tests.Data.Trust;

/// <summary>The readers of data sets' own files, through the manifest that names them.</summary>
internal static class SetReaders
{
    /// <summary>All of them.</summary>
    public static FuzzedReader[] All { get; } =
    [
        Mat("multipie", "_lm.mat", "p", MultiPie, string.Join(", ", Enumerable.Range(0, 68).Select(k => $"p{k}")), ("pts", Grid(68))),
        Mat("penn-action", ".mat", "p/labels", "reader: { kind: penn-action, root: p }\nsplits: { prior: { part: all } }", "head, l_wrist",
            ("x", Row(13)), ("y", Row(13)), ("visibility", Row(13)), ("bbox", new double[,] { { 1, 1, 30, 40 } }), ("action", "jump"),
                ("train", 1.0)),
        new("image-list", ".csv", () => ["frame,clip\na.png,1\nb.png,1\n"u8.ToArray()], ReadList) { Words = Spoiling.CsvWords },
        new("image-labels", ".csv", () => ["frame,head_x,head_y,tail_x,tail_y,head_score\na.png,1,2,3,4,0.5\nb.png,1,2,,,1\n"u8.ToArray()],
            ReadLabels) { Words = Spoiling.CsvWords },
    ];

    private const string MultiPie =
        "reader: { kind: landmark-images, format: mat, images: false, crop: { margin: 0 } }\nsplits: { prior: { folders: [p] } }";

    private static FuzzedReader Mat(string name, string extension, string place, string reader, string keypoints,
        params (string Name, object Value)[] variables)
    {
        string manifest = SetFiles.Manifest(reader, keypoints, "{ split: prior }");
        return new(name, extension, () => [MatWriter.File(false, variables)], path => ReadPrior(path, place, manifest))
        { NightlyCases = 200_000 };
    }

    private static void ReadPrior(string path, string place, string manifest)
    {
        string root = path + ".set";
        Directory.CreateDirectory(Path.Combine(root, place));
        File.Copy(path, Path.Combine(root, place, Path.GetFileName(path)), overwrite: true);
        // Where a whole split has nothing, the message names the split.
        Named.Read(path, () => Open(root, manifest).OpenPrior());
    }

    private static IDataset Open(string root, string text)
    {
        string manifest = Path.Combine(root, "m.yaml");
        if (!File.Exists(manifest))
            File.WriteAllText(manifest, text);
        return DataManifest.Load(manifest).Open(new DatasetOptions { DataRoot = root, Width = 10, Height = 10 });
    }

    private static void ReadList(string path)
    {
        string root = Directory.CreateDirectory(path + ".set").FullName;
        foreach (string image in (string[])["a.png", "b.png"])
        {
            if (!File.Exists(Path.Combine(root, image)))
                File.WriteAllBytes(Path.Combine(root, image), ImageWriter.EncodePng(new RgbImage(2, 2)));
        }
        File.Copy(path, Path.Combine(root, Path.GetFileName(path)), overwrite: true);
        string splits = $"splits: {{ train: {{ list: {Path.GetFileName(path)} }} }}";
        string manifest = SetFiles.Manifest($"reader: {{ kind: image-list, images: ., clip_column: clip }}\n{splits}", "head");
        Named.Read(path, () => Open(root, manifest).OpenTrainingFrames().Dispose());
    }

    private static void ReadLabels(string path) => ImageLabelsReader.Read(path, new("fly", ["head", "tail"], []), 0, new HashSet<string>
        { "a.png", "b.png" });

    private static double[,] Grid(int rows)
    {
        var numbers = new double[rows, 2];
        for (int k = 0; k < rows; k++)
            (numbers[k, 0], numbers[k, 1]) = (101 + k, 201 + k);
        return numbers;
    }

    private static double[,] Row(int columns)
    {
        var numbers = new double[1, columns];
        for (int k = 0; k < columns; k++)
            numbers[0, k] = k + 1;
        return numbers;
    }
}
