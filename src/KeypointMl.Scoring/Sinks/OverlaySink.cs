using System.Globalization;
using KeypointMl.Imaging.Files;
using KeypointMl.Imaging.Folders;
using KeypointMl.Imaging.Images;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Scoring.Inputs;
using KeypointMl.Scoring.Rows;

namespace KeypointMl.Scoring.Sinks;

/// <summary>
/// Draws the skeletons of each frame on its picture and writes the pictures to a folder: an image under its own name
/// (PNG is added to the name of what is neither JPEG nor PNG), a video's frames as
/// <c>&lt;video&gt;/frame-00000012.jpg</c>. A frame that could not be read has no picture. Each file appears when it is
/// complete.
/// </summary>
public sealed class OverlaySink : IPredictionSink
{
    private readonly string folder;
    private readonly Skeleton skeleton;
    private readonly List<PredictionRow> frame = [];
    private readonly HashSet<string> begun = [];
    private RgbImage? picture;

    /// <summary>Pictures for a folder.</summary>
    /// <param name="folder">The folder; made where it is not there. Old pictures of the same names are replaced.</param>
    /// <param name="skeleton">Names the K keypoints and their edges.</param>
    public OverlaySink(string folder, Skeleton skeleton)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentNullException.ThrowIfNull(skeleton);
        this.folder = Path.GetFullPath(folder);
        this.skeleton = skeleton;
    }

    /// <summary>Refuses inputs that their own pictures would overwrite, passing the others on.</summary>
    /// <param name="folder">The folder for the pictures.</param>
    /// <param name="sources">What lists the inputs; empty where that is done.</param>
    /// <param name="inputs">The inputs.</param>
    /// <exception cref="InvalidDataException">While enumerating: a picture of an input may not be written.</exception>
    internal static IEnumerable<InputFile> Check(string folder, IEnumerable<ScoreSource> sources, IEnumerable<InputFile> inputs) =>
        OverlayPath.Check(folder, sources, inputs, input => PathOf(folder, input.Name, 0));

    /// <inheritdoc/>
    public bool NeedsPictures => true;

    /// <inheritdoc/>
    public ValueTask WriteAsync(PredictionRow row, RgbImage? picture, CancellationToken cancellation)
    {
        if (frame.Count > 0 && (frame[0].Source, frame[0].Frame) != (row.Source, row.Frame))
            WriteFrame();
        frame.Add(row);
        this.picture = picture;
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask CompleteAsync(CancellationToken cancellation)
    {
        if (frame.Count > 0)
            WriteFrame();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void WriteFrame()
    {
        if (picture is not null)
        {
            RgbImage drawn = RowPainter.Paint(picture, skeleton, frame.Where(row => row.Status == PredictionStatus.Ok));
            string path = PathOf(folder, frame[0].Source, frame[0].Frame);
            Begin(Path.GetDirectoryName(path)!);
            ImageWriter.Write(drawn, path);
        }
        frame.Clear();
        picture = null;
    }

    private void Begin(string pictures)
    {
        if (!begun.Add(pictures))
            return;
        Directory.CreateDirectory(pictures);
        AtomicFile.RemoveLeftovers(pictures);
    }

    private static string PathOf(string folder, string source, long number)
    {
        string name = OverlayPath.Of(folder, source);
        if (!ImageFolder.IsImage(source))
            return Path.Combine(name, string.Create(CultureInfo.InvariantCulture, $"frame-{number:D8}.jpg"));
        return Path.GetExtension(name).ToLowerInvariant() is ".jpg" or ".jpeg" or ".png" ? name : name + ".png";
    }
}
