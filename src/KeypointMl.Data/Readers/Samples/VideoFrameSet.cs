using System.Runtime.ExceptionServices;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Manifests;
using KeypointMl.Imaging.Video;
using KeypointMl.Poses.Geometry;

namespace KeypointMl.Data.Readers.Samples;

/// <summary>
/// Frames of many videos: what is used of a clip is decoded at once when the first of it is read, and the crops are kept
/// in memory; of a long clip it is a block of frames, a small part of <see cref="DatasetOptions.MemoryBytes"/>. Where
/// there is no more room, the block that was decoded longest ago goes. Training on more videos than memory holds decodes
/// them again and again: extract their frames as images first.
/// </summary>
internal sealed class VideoFrameSet : IFrameSet, ISourceFiles
{
    /// <summary>A block may be so large whatever the limit: to begin in a video costs as much as decoding many frames.</summary>
    internal const int LeastBlockBytes = 16 << 20;

    private const int BlocksInMemory = 32;

    private readonly FramePicker videos = new();
    private readonly IReadOnlyList<Sample> samples;
    private readonly DatasetOptions options;
    private readonly List<(int Start, int Length)> blocks = [];
    private readonly int[] blockOfSample;
    private readonly int frameBytes;
    private readonly Lock gate = new();
    private readonly Dictionary<int, byte[][]> decoded = [];
    private readonly Dictionary<int, ExceptionDispatchInfo> broken = [];
    private readonly Queue<int> oldest = new();
    private readonly WholeFrames wholeFrames;

    internal VideoFrameSet(IReadOnlyList<Sample> samples, IReadOnlyList<Clip> clips, DatasetOptions options)
    {
        this.samples = samples;
        this.options = options;
        wholeFrames = new WholeFrames(samples);
        Clips = clips;
        frameBytes = checked(options.Width * options.Height * 3);
        blockOfSample = new int[samples.Count];
        int most = (int)Math.Clamp(Math.Max(options.MemoryBytes / BlocksInMemory, LeastBlockBytes) / frameBytes, 1, int.MaxValue);
        foreach (Clip clip in clips)
        {
            int parts = (clip.Length - 1) / most + 1;
            for (int part = 0; part < parts; part++)
            {
                int start = clip.Start + (int)((long)clip.Length * part / parts);
                int length = clip.Start + (int)((long)clip.Length * (part + 1) / parts) - start;
                Array.Fill(blockOfSample, blocks.Count, start, length);
                blocks.Add((start, length));
            }
        }
    }

    public int Width => options.Width;

    public int Height => options.Height;

    public int Count => samples.Count;

    public IReadOnlyList<Clip> Clips { get; }

    /// <summary>How many decoded frames are in memory.</summary>
    internal long FramesKept => decoded.Values.Sum(crops => (long)crops.Length);

    public IEnumerable<string> SourceFiles => samples.Select(sample => sample.Path);

    public FrameId GetId(int index)
    {
        Sample sample = samples[index];
        Box box = sample.Box ?? WholeFrame(sample);
        return new FrameId(sample.Name, sample.Frame!.Value, sample.Item, box);
    }

    public void Read(int index, Span<byte> destination)
    {
        int block = blockOfSample[index];
        // One decoder at a time: ffmpeg uses all processors itself.
        lock (gate)
        {
            if (broken.TryGetValue(block, out ExceptionDispatchInfo? error))
                error.Throw();
            if (!decoded.TryGetValue(block, out byte[][]? crops))
            {
                MakeRoom(blocks[block].Length);
                crops = Decode(block);
                decoded.Add(block, crops);
                oldest.Enqueue(block);
            }
            crops[index - blocks[block].Start].CopyTo(destination);
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

    private void MakeRoom(int frames)
    {
        while (oldest.Count > 0 && (FramesKept + frames) * frameBytes > options.MemoryBytes)
            decoded.Remove(oldest.Dequeue());
    }

    private byte[][] Decode(int block)
    {
        (int start, int length) = blocks[block];
        FramePart[] parts =
        [
            .. Enumerable.Range(start, length).Select(i => samples[i])
                .Select(sample => new FramePart(sample.Frame!.Value, sample.Box, sample.Name)),
        ];
        try
        {
            return VideoCropDecoder.Decode(videos, samples[start].Path, parts, Width, Height, options.Cancellation);
        }
        catch (InvalidDataException error)
        {
            // To find that a video is damaged takes as long as to decode it; its other frames need not find it anew.
            broken.Add(block, ExceptionDispatchInfo.Capture(error));
            throw;
        }
    }

    private Box WholeFrame(Sample sample)
    {
        lock (gate)
            return wholeFrames.Of(sample);
    }
}
