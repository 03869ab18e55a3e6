using KeypointMl.Data.Frames;
using KeypointMl.Data.Manifests;
using KeypointMl.Imaging.Video;
using KeypointMl.Poses.Geometry;

namespace KeypointMl.Data.Readers.Samples;

/// <summary>
/// Frames of many videos: a video is decoded when the first of its clips' frames is read, all frames that are used of
/// that clip at once, and the crops are kept in memory; where there is no more room, the clip that was decoded longest
/// ago goes. Training on more videos than memory holds decodes them again and again: extract their frames as images
/// first.
/// </summary>
internal sealed class VideoFrameSet : IFrameSet, ISourceFiles
{
    private readonly FramePicker videos = new();
    private readonly IReadOnlyList<Sample> samples;
    private readonly DatasetOptions options;
    private readonly int[] clipOfSample;
    private readonly Lock gate = new();
    private readonly Dictionary<int, byte[][]> decoded = [];
    private readonly Queue<int> oldest = new();
    private readonly WholeFrames wholeFrames;
    private long memoryLeft;

    internal VideoFrameSet(IReadOnlyList<Sample> samples, IReadOnlyList<Clip> clips, DatasetOptions options)
    {
        this.samples = samples;
        this.options = options;
        wholeFrames = new WholeFrames(samples);
        Clips = clips;
        memoryLeft = options.MemoryBytes;
        clipOfSample = new int[samples.Count];
        for (int c = 0; c < clips.Count; c++)
            Array.Fill(clipOfSample, c, clips[c].Start, clips[c].Length);
    }

    public int Width => options.Width;

    public int Height => options.Height;

    public int Count => samples.Count;

    public IReadOnlyList<Clip> Clips { get; }

    public IEnumerable<string> SourceFiles => samples.Select(sample => sample.Path);

    public FrameId GetId(int index)
    {
        Sample sample = samples[index];
        Box box = sample.Box ?? WholeFrame(sample);
        return new FrameId(sample.Name, sample.Frame!.Value, sample.Item, box);
    }

    public void Read(int index, Span<byte> destination)
    {
        int clip = clipOfSample[index];
        // One decoder at a time: ffmpeg uses all processors itself.
        lock (gate)
        {
            if (!decoded.TryGetValue(clip, out byte[][]? crops))
            {
                crops = Decode(Clips[clip]);
                Keep(clip, crops);
            }
            crops[index - Clips[clip].Start].CopyTo(destination);
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            decoded.Clear();
            oldest.Clear();
        }
    }

    private void Keep(int clip, byte[][] crops)
    {
        decoded.Add(clip, crops);
        oldest.Enqueue(clip);
        memoryLeft -= Bytes(crops);
        while (memoryLeft < 0 && oldest.Count > 1)
        {
            int gone = oldest.Dequeue();
            memoryLeft += Bytes(decoded[gone]);
            decoded.Remove(gone);
        }
    }

    private byte[][] Decode(Clip clip)
    {
        IEnumerable<Sample> wanted = Enumerable.Range(clip.Start, clip.Length).Select(i => samples[i]);
        FramePart[] parts = [.. wanted.Select(sample => new FramePart(sample.Frame!.Value, sample.Box, sample.Name))];
        return VideoCropDecoder.Decode(videos, samples[clip.Start].Path, parts, Width, Height, options.Cancellation);
    }

    private Box WholeFrame(Sample sample)
    {
        lock (gate)
            return wholeFrames.Of(sample);
    }

    private static long Bytes(byte[][] crops) => crops.Sum(crop => (long)crop.Length);
}
