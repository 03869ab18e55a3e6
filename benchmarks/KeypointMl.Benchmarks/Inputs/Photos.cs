using KeypointMl.Data;
using KeypointMl.Data.Puppets;

namespace KeypointMl.Benchmarks;

/// <summary>
/// A temporary folder of JPEGs of 640×480 at quality 90 that cost a decoder what photographs cost: puppets before cluttered backgrounds, with the grain of a sensor. Without
/// the grain they would be a third as large and faster to decode.
/// </summary>
internal sealed class Photos : IDisposable
{
    private const int Width = 640;
    private const int Height = 480;
    private const int Grain = 8;
    private const int Quality = 90;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("keypointml-benchmark-");

    /// <summary>Draws and writes them.</summary>
    /// <param name="count">How many.</param>
    public Photos(int count)
    {
        using IFrameSet frames = new PuppetDataset(new PuppetOptions { Width = Width, Height = Height, TrainingVideos = count, FramesPerVideo = 1, Clutter = true, CacheBytes = 0 }).OpenTrainingFrames();
        Paths = [.. Enumerable.Range(0, count).Select(index => Path.Combine(_folder.FullName, $"{index}.jpg"))];
        Parallel.For(0, count, index => ImageWriter.Write(Draw(frames, index), Paths[index], Quality));
        MeanBytes = Paths.Average(path => new FileInfo(path).Length);
        // What drawing left must not count as what is measured.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    /// <summary>The files.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>The mean size of a file.</summary>
    public double MeanBytes { get; }

    /// <summary>One of them as it was before it was written.</summary>
    /// <param name="width">Its width.</param>
    /// <param name="height">Its height.</param>
    public static RgbImage DrawOne(int width, int height)
    {
        using IFrameSet frames = new PuppetDataset(new PuppetOptions { Width = width, Height = height, TrainingVideos = 1, FramesPerVideo = 1, Clutter = true }).OpenTrainingFrames();
        return Draw(frames, 0);
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);

    private static RgbImage Draw(IFrameSet frames, int index)
    {
        var image = new RgbImage(frames.Width, frames.Height);
        frames.Read(index, image.Pixels);
        var random = new Random(index);
        for (int pixel = 0; pixel < image.Pixels.Length; pixel += 3)
        {
            int grain = random.Next(-Grain, Grain + 1);
            for (int channel = pixel; channel < pixel + 3; channel++)
                image.Pixels[channel] = (byte)Math.Clamp(image.Pixels[channel] + grain, 0, 255);
        }
        return image;
    }
}
