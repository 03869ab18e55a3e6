using KeypointMl.Imaging.Images;
using KeypointMl.Imaging.Video;
using KeypointMl.Studio.Files;

namespace KeypointMl.Studio.Media;

/// <summary>
/// The pixels of images and videos. A few videos stay open; the others are closed, the one that was not asked for longest first.
/// Few pictures are decoded and encoded at the same time, however many are asked for.
/// </summary>
internal sealed class MediaShelf : IDisposable
{
    private const int OpenVideos = 4;
    private const int LargestSide = 1920;
    private const int Quality = 88;

    // Behind a key frame the frame itself is being decoded, which needs the processors more than the next ffmpeg.
    private static readonly TimeSpan WhileDecoding = TimeSpan.FromMilliseconds(300);

    private readonly Lock access = new();
    private readonly LinkedList<(FileVersion Version, Lazy<Task<VideoSource>> Video)> videos = new();
    private readonly SemaphoreSlim work = new(2, 2);
    private readonly FfmpegStandby standby = new();

    /// <summary>A video, opened if it is not yet.</summary>
    /// <inheritdoc cref="VideoSource.Open" path="/exception"/>
    public async Task<VideoSource> VideoAsync(string path)
    {
        Lazy<Task<VideoSource>> video = Find(FileVersion.Of(path));
        try
        {
            return await video.Value.ConfigureAwait(false);
        }
        catch
        {
            Forget(video);
            throw;
        }
    }

    /// <summary>
    /// Decodes a frame of a video, or an image, whose only frame is 0, and does something with it. A decoded picture is large: so
    /// whoever comes later waits before one is made for him.
    /// </summary>
    public Task<T> WithImageAsync<T>(string path, long frame, Func<RgbImage, T> job, CancellationToken cancellation) => InTurnAsync(
        async () =>
        {
            bool isVideo = VisibleFiles.KindOf(path) == FileKind.Video;
            RgbImage image = isVideo
                ? (await (await VideoAsync(path).ConfigureAwait(false)).ReadAsync(frame, cancellation).ConfigureAwait(false)).Image
                : await Task.Run(() => ImageDecoder.Decode(path, PictureLimits.Images), cancellation).ConfigureAwait(false);
            T done = await Task.Run(() => job(image), cancellation).ConfigureAwait(false);
            // Whoever looks at a frame will look at others; not before, where it would take a processor from this one.
            if (isVideo)
                standby.Prepare();
            return done;
        }, cancellation);

    /// <summary>A frame as JPEG, shrunk where it is larger than a screen.</summary>
    public Task<FramePicture> JpegAsync(string path, long frame, CancellationToken cancellation) =>
        WithImageAsync(path, frame, Jpeg, cancellation);

    /// <summary>
    /// What can be shown at once while a frame of a video is decoded, as JPEG: the frame itself or the key frame before it, and its
    /// number.
    /// </summary>
    public Task<(FramePicture Picture, long Frame)> NearJpegAsync(string path, long frame, CancellationToken cancellation) => InTurnAsync(
        async () =>
        {
            VideoSource video = await VideoAsync(path).ConfigureAwait(false);
            VideoFrame near = await video.ReadNearAsync(frame, cancellation).ConfigureAwait(false);
            FramePicture picture = await Task.Run(() => Jpeg(near.Image), cancellation).ConfigureAwait(false);
            standby.Prepare(WhileDecoding);
            return (picture, near.Number);
        }, cancellation);

    /// <summary>Does something that needs much time or memory when it is its turn.</summary>
    public async Task<T> InTurnAsync<T>(Func<Task<T>> job, CancellationToken cancellation)
    {
        await work.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await job().ConfigureAwait(false);
        }
        finally
        {
            work.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (access)
        {
            foreach ((_, Lazy<Task<VideoSource>> video) in videos)
                Close(video);
            videos.Clear();
        }
        standby.Dispose();
        work.Dispose();
    }

    private static FramePicture Jpeg(RgbImage image) => new(ImageWriter.EncodeJpeg(Shrunk(image), Quality), image.Width, image.Height);

    private static RgbImage Shrunk(RgbImage image)
    {
        double scale = (double)LargestSide / Math.Max(image.Width, image.Height);
        return scale >= 1
            ? image
            : ImageCropper.Resize(image, Math.Max(1, (int)(image.Width * scale)), Math.Max(1, (int)(image.Height * scale)));
    }

    private Lazy<Task<VideoSource>> Find(FileVersion version)
    {
        lock (access)
        {
            var node = videos.First;
            while (node is not null && node.Value.Version != version)
                node = node.Next;
            if (node is not null)
            {
                videos.Remove(node);
            }
            else
            {
                node = new((version, new Lazy<Task<VideoSource>>(() => Task.Run(() => VideoSource.Open(version.Path, standby)))));
                if (videos.Count == OpenVideos)
                {
                    Close(videos.Last!.Value.Video);
                    videos.RemoveLast();
                }
            }
            videos.AddFirst(node);
            return node.Value.Video;
        }
    }

    private void Forget(Lazy<Task<VideoSource>> video)
    {
        lock (access)
        {
            var node = videos.First;
            while (node is not null && node.Value.Video != video)
                node = node.Next;
            if (node is not null)
                videos.Remove(node);
        }
    }

    // In the background: who reads from it just now is not interrupted.
    private static void Close(Lazy<Task<VideoSource>> video)
    {
        if (video.IsValueCreated)
            video.Value.ContinueWith(opened => opened.Result.Dispose(), TaskContinuationOptions.OnlyOnRanToCompletion);
    }
}

/// <summary>A frame's picture, which may be shrunk.</summary>
/// <param name="Jpeg">Its bytes.</param>
/// <param name="Width">Of the frame itself; a video may change its size inside.</param>
/// <param name="Height">Of the frame itself.</param>
internal sealed record FramePicture(byte[] Jpeg, int Width, int Height);

/// <summary>A file as it was at a time: another one under its name is another.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Length">How long it is.</param>
/// <param name="Written">When it was written last.</param>
internal readonly record struct FileVersion(string Path, long Length, DateTime Written)
{
    /// <summary>The file as it is now.</summary>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    public static FileVersion Of(string path)
    {
        var file = new FileInfo(path);
        return new FileVersion(path, file.Length, file.LastWriteTimeUtc);
    }
}
