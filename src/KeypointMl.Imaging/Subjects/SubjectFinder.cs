using KeypointMl.Imaging.Images;
using KeypointMl.Imaging.Video;

namespace KeypointMl.Imaging.Subjects;

/// <summary>
/// Finds the moving subjects of a video of a fixed camera without labels: frames in, boxes out. The ground is a robust quantile
/// of each pixel over samples of the video, and follows the light; what differs
/// from it by more than the noise is put together into blobs; blobs are assigned to tracks, and divided where subjects touch.
/// Memory does not grow with the video.
/// </summary>
/// <remarks>
/// Colours are not looked at: a subject must differ from the ground in grey. One that is smaller than about 10 pixels after the
/// frames were reduced to 320,000 pixels is not seen.
/// </remarks>
public sealed class SubjectFinder
{
    private const float LeastArea = 0.12f;
    private const float MostAreas = 2.5f;
    private const int UsualCount = 4;
    private const int WarmUp = 100;

    private readonly SubjectFinderOptions options;
    private readonly SubjectProfile profile;
    private readonly GreyPlane plane;

    private SubjectFinder(SubjectFinderOptions options, SubjectProfile profile, GreyPlane plane) =>
        (this.options, this.profile, this.plane) = (options, profile, plane);

    /// <summary>The side of the square boxes, in pixels of the frames.</summary>
    public float Size => profile.Size;

    /// <summary>How subjects differ from the ground: <c>brighter</c>, <c>darker</c>, or <c>both</c>.</summary>
    public string Contrast => profile.Polarity.ToString().ToLowerInvariant();

    /// <summary>Learns what a video shows.</summary>
    /// <param name="samples">Frames from all over the video, at least 8, of one size; some 60 serve well. They may share a buffer.</param>
    /// <param name="options">What is known about the subjects; null for nothing.</param>
    /// <exception cref="InvalidDataException">
    /// There are too few samples, or of several sizes; the camera moves, nothing does, or the subject fills the frame. The
    /// message says which, and what to do.
    /// </exception>
    public static SubjectFinder Learn(IEnumerable<RgbImage> samples, SubjectFinderOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(samples);
        options ??= new SubjectFinderOptions();
        GreyPlane? plane = null;
        List<byte[]> planes = [];
        foreach (RgbImage sample in samples)
        {
            plane ??= new GreyPlane(sample.Width, sample.Height);
            plane.Set(sample);
            planes.Add([.. plane.Pixels]);
        }
        if (plane is null)
            throw new InvalidDataException("it has no frames.");
        return new SubjectFinder(options, SubjectLearner.Learn(plane, planes, options), plane);
    }

    /// <summary>
    /// Finds the subjects in the frames of a video, one after the other; what comes out lags some frames behind what is taken
    /// in.
    /// </summary>
    /// <param name="frames">All frames of the video, in order; they may share a buffer.</param>
    /// <param name="withImages">Whether the results hold the frames' pixels.</param>
    /// <exception cref="InvalidDataException">While enumerating: a frame has another size than the samples.</exception>
    public IEnumerable<FoundFrame> Find(IEnumerable<VideoFrame> frames, bool withImages = false)
    {
        ArgumentNullException.ThrowIfNull(frames);
        var background = new Background(profile.Ground, profile.Noise, profile.Polarity, profile.Shade);
        var tracker = new SubjectTracker(profile, plane, options);
        var history = new TrackHistory(plane, profile.Size);
        var images = new RgbImage[withImages ? TrackHistory.Delay + 2 : 0];
        byte[] isProtected = new byte[plane.Width * plane.Height];
        bool isFirst = true;
        foreach (VideoFrame frame in frames)
        {
            plane.Set(frame.Image);
            if (isFirst)
                Adapt(background, isProtected);
            isFirst = false;
            List<Blob> blobs = FindBlobs(background);
            Dictionary<SubjectTrack, Sighting> sightings = tracker.Step(frame.Number, blobs);
            Protect(isProtected, tracker.Tracks.Select(track => (track.Position.X, track.Position.Y)));
            background.Follow(plane.Pixels, isProtected);
            if (history.Add(frame.Number, sightings, tracker.Tracks, Keep(images, frame)) is { } found)
                yield return found;
        }
        foreach (FoundFrame found in history.Rest())
            yield return found;
    }

    // The light of the first frame may not be the usual one.
    private void Adapt(Background background, byte[] isProtected)
    {
        Protect(isProtected, FindBlobs(background).Select(blob => (blob.Centre.X, blob.Centre.Y)));
        for (int i = 0; i < WarmUp; i++)
            background.Follow(plane.Pixels, isProtected);
    }

    private List<Blob> FindBlobs(Background background)
    {
        int least = Math.Max(6, (int)(LeastArea * profile.Area));
        float most = MostAreas * (options.Count ?? UsualCount) * profile.Area;
        List<Blob> blobs = ConnectedComponents.Find(background.Subtract(plane.Pixels), plane.Width, least);
        blobs.RemoveAll(blob => blob.Area > most);
        return blobs;
    }

    private void Protect(byte[] isProtected, IEnumerable<(float X, float Y)> centres)
    {
        Array.Clear(isProtected);
        float half = profile.Size / plane.Factor / 2;
        foreach ((float x, float y) in centres)
        {
            (int left, int right) = (Math.Max(0, (int)(x - half)), Math.Min(plane.Width, (int)(x + half) + 1));
            (int top, int bottom) = (Math.Max(0, (int)(y - half)), Math.Min(plane.Height, (int)(y + half) + 1));
            for (int row = top; row < bottom && left < right; row++)
                isProtected.AsSpan(row * plane.Width + left, right - left).Fill(255);
        }
    }

    private static RgbImage? Keep(RgbImage[] images, VideoFrame frame)
    {
        if (images.Length == 0)
            return null;
        int place = (int)(frame.Number % images.Length);
        RgbImage image = images[place] ??= new RgbImage(frame.Image.Width, frame.Image.Height);
        frame.Image.Pixels.CopyTo(image.Pixels, 0);
        return image;
    }
}
