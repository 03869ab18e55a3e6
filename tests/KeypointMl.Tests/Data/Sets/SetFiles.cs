using System.Globalization;
using System.Numerics;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Manifests;
using KeypointMl.Imaging.Images;
using KeypointMl.Imaging.Video;

namespace KeypointMl.Tests.Data;

/// <summary>Makes the files of small data sets in their true formats.</summary>
internal static class SetFiles
{
    /// <summary>The end of every manifest; what precedes it is the reader and the splits.</summary>
    internal static string Manifest(string readerAndSplits, string keypoints, string prior = "{ poses: prior.csv, width: 20, height: 20 }") => $$"""
        name: test
        description: Things.
        terms: None.
        obtain: Nowhere.
        {{readerAndSplits}}
        prior: {{prior}}
        skeleton: { name: some, keypoints: [{{keypoints}}] }
        metrics: { description: test }
        """;

    internal static IDataset Open(TemporaryFolder folder, string manifest, int size = 10) =>
        DataManifest.Load(folder.Write("m.yaml", manifest)).Open(new DatasetOptions
        {
            DataRoot = folder.Path,
            Width = size,
            Height = size,
        });

    /// <summary>An image of one grey, or black and white in two halves.</summary>
    internal static void Image(TemporaryFolder folder, string name, int width, int height, byte grey, bool leftHalfBlack = false)
    {
        folder.Write(name, "");
        var image = new RgbImage(width, height);
        for (int i = 0; i < image.Pixels.Length; i++)
            image.Pixels[i] = leftHalfBlack && i / 3 % width < width / 2 ? (byte)0 : grey;
        ImageWriter.Write(image, folder[name], jpegQuality: 100);
    }

    internal static void Video(TemporaryFolder folder, string name, int width, int height, int frames)
    {
        folder.Write(name, "");
        using var writer = new VideoWriter(folder[name], width, height, 25);
        for (int frame = 0; frame < frames; frame++)
            writer.Write(Enumerable.Repeat((byte)(20 + 20 * frame), width * height * 3).ToArray());
        writer.Complete();
    }

    /// <summary>N×2K numbers, x and y in turn: point k of row i is (10·i + k, 20·i + 2·k) + shift.</summary>
    internal static double[,] Rows(int rows, int points, double shift = 0)
    {
        var numbers = new double[rows, 2 * points];
        for (int i = 0; i < rows; i++)
        {
            for (int k = 0; k < points; k++)
                (numbers[i, 2 * k], numbers[i, 2 * k + 1]) = (10 * i + k + shift, 20 * i + 2 * k + shift);
        }
        return numbers;
    }

    internal static string Pts(params Vector2[] points) =>
        "version: 1\nn_points: "
        + $"{points.Length}\n{{\n{string.Concat(points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.X} {point.Y}\n")))}}}\n";

    internal static byte[] Read(IFrameSet frames, int index)
    {
        byte[] frame = new byte[frames.Width * frames.Height * 3];
        frames.Read(index, frame);
        return frame;
    }

    // Single precision.
    internal static void AssertNear(Vector2 expected, Vector2 actual) =>
        Assert.IsLessThan(1e-4f, Vector2.Distance(expected, actual), $"{actual}, expected {expected}");
}
