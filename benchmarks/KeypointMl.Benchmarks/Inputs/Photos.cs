using System.CommandLine;
using System.Globalization;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Puppets;
using KeypointMl.Imaging.Images;

namespace KeypointMl.Benchmarks;

/// <summary>
/// A temporary folder of JPEGs at quality 90 that cost a decoder what photographs cost: puppets before cluttered
/// backgrounds, with the grain of a sensor. Without the grain they would be a third as large and faster to decode.
/// Another process draws them: this one's memory is what is measured.
/// </summary>
internal sealed class Photos : IDisposable
{
    private const string DrawName = "draw-photos";
    private const int Grain = 8;
    private const int Quality = 90;
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("keypointml-benchmark-");

    /// <summary>Draws and writes them.</summary>
    /// <param name="count">How many.</param>
    /// <param name="width">Their width.</param>
    /// <param name="height">Their height.</param>
    public Photos(int count, int width = 640, int height = 480)
    {
        ChildProcess.Run([DrawName, folder.FullName,
            .. new[] { count, width, height }.Select(number => number.ToString(CultureInfo.InvariantCulture))]);
        Paths = [.. Enumerable.Range(0, count).Select(index => PathOf(folder.FullName, index))];
        MeanBytes = Paths.Average(path => new FileInfo(path).Length);
    }

    /// <summary>The folder.</summary>
    public string Folder => folder.FullName;

    /// <summary>The files.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>The mean size of a file.</summary>
    public double MeanBytes { get; }

    /// <summary>The command of the process that draws.</summary>
    public static Command CreateDraw()
    {
        var folder = new Argument<string>("folder");
        var count = new Argument<int>("count");
        var width = new Argument<int>("width");
        var height = new Argument<int>("height");
        var command = new Command(DrawName) { folder, count, width, height };
        command.Hidden = true;
        command.SetAction(parsed =>
        {
            int videos = parsed.GetRequiredValue(count);
            using IFrameSet frames = Open(parsed.GetRequiredValue(width), parsed.GetRequiredValue(height), videos);
            Parallel.For(0, videos, index =>
                ImageWriter.Write(Draw(frames, index), PathOf(parsed.GetRequiredValue(folder), index), Quality));
        });
        return command;
    }

    /// <summary>A picture of the same kind.</summary>
    /// <param name="width">Its width.</param>
    /// <param name="height">Its height.</param>
    public static RgbImage DrawOne(int width, int height)
    {
        using IFrameSet frames = Open(width, height, videos: 1);
        return Draw(frames, 0);
    }

    /// <inheritdoc/>
    public void Dispose() => folder.Delete(recursive: true);

    private static string PathOf(string folder, int index) =>
        Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{index}.jpg"));

    private static IFrameSet Open(int width, int height, int videos) =>
        new PuppetDataset(new PuppetOptions
        {
            Width = width,
            Height = height,
            TrainingVideos = videos,
            FramesPerVideo = 1,
            Clutter = true,
            CacheBytes = 0,
        }).OpenTrainingFrames();

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
