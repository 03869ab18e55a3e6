using System.Collections.Concurrent;

namespace KeypointMl.Imaging.Video;

/// <summary>Reads some frames of videos: over long gaps it begins anew at a key frame instead of decoding what nobody asked for.</summary>
/// <param name="decoding">How they are decoded.</param>
/// <remarks>The videos' indices are kept. Several threads may read.</remarks>
internal sealed class FramePicker(VideoDecoding decoding = default)
{
    /// <summary>Beginning anew at a key frame costs about as much as decoding so many frames.</summary>
    internal const int FramesOfSeek = 100;

    private readonly ConcurrentDictionary<string, VideoIndex> indices = new(StringComparer.Ordinal);

    /// <summary>A video's index, read when it is first asked for.</summary>
    /// <param name="path">The video.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <inheritdoc cref="VideoIndex.Read" path="/exception"/>
    public VideoIndex IndexOf(string path, CancellationToken cancellation = default) =>
        indices.GetOrAdd(path, static (path, cancellation) => VideoIndex.Read(path, cancellation: cancellation), cancellation);

    /// <summary>Reads frames; each is valid until the next is asked for.</summary>
    /// <param name="path">The video.</param>
    /// <param name="numbers">Their numbers, ascending; each is given once, however often it is named.</param>
    /// <inheritdoc cref="FfmpegVideoReader.Open(string, long, long?, VideoStart?, VideoDecoding, VideoLimits?)" path="/exception"/>
    public IEnumerable<VideoFrame> Read(string path, IReadOnlyList<long> numbers)
    {
        for (int from = 0, to; from < numbers.Count; from = to)
        {
            to = from + 1;
            while (to < numbers.Count && !IsNearerFromAKeyFrame(path, numbers[to - 1], numbers[to]))
                to++;
            (long first, long last) = (numbers[from], numbers[to - 1]);
            using FfmpegVideoReader reader = Open(path, first, last - first + 1);
            int next = from;
            foreach (VideoFrame frame in reader.ReadFrames())
            {
                if (frame.Number != numbers[next])
                    continue;
                while (next < to && numbers[next] == frame.Number)
                    next++;
                yield return frame;
            }
        }
    }

    // Where there is no key frame in between, or none that is known for sure, decoding just goes on.
    private bool IsNearerFromAKeyFrame(string path, long before, long number) =>
        number - before > FramesOfSeek && IndexOf(path).KeyFrameBefore(number) > before;

    private FfmpegVideoReader Open(string path, long first, long count)
    {
        if (first <= FramesOfSeek)
            return FfmpegVideoReader.Open(path, first, count, decoding: decoding);
        VideoIndex index = IndexOf(path);
        return FfmpegVideoReader.Open(index.Info, first, count, index.StartOf(first), decoding, VideoLimits.Default);
    }
}
