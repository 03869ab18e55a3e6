using System.Numerics;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Manifests;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Metrics;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Data.Readers.Samples;

/// <summary>Makes frame sets and poses of listed samples.</summary>
internal static class SampleFrames
{
    internal static IFrameSet Open(IReadOnlyList<Sample> samples, DatasetOptions options)
    {
        bool areOfVideos = samples[0].Frame is not null;
        if (samples.FirstOrDefault(sample => sample.Frame is null == areOfVideos) is Sample other)
        {
            throw new InvalidDataException($"{(other.Where is null ? "" : $"{other.Where}: ")}{other.Name} is "
                + (areOfVideos ? "an image; the split's first frames are of the video " : "a video; the split's first frame is the image ")
                + $"{samples[0].Name}. Images and videos cannot be in one split: give each a file of its own.");
        }
        IReadOnlyList<Clip> clips = Clips(samples);
        if (areOfVideos)
            return new VideoFrameSet(samples, clips, options);
        ImageFile[] files = [.. samples.Select(sample => new ImageFile(sample.Path, sample.Name, sample.Box,
            sample.Mask) { Embedded = sample.Embedded, Item = sample.Item })];
        return new ImageFrameSet(files, clips, options.Width, options.Height, options.MemoryBytes);
    }

    internal static LabelledFrames OpenLabelled(
        IReadOnlyList<Sample> samples, Skeleton skeleton, MetricProtocol protocol, DatasetOptions options)
    {
        IFrameSet frames = Open(samples, options);
        var poses = new Vector2[samples.Count][];
        for (int i = 0; i < poses.Length; i++)
        {
            options.Cancellation.ThrowIfCancellationRequested();
            int index = i;
            poses[i] = ToFrame(samples[i], skeleton, () => frames.GetId(index).Box, options);
        }
        return new LabelledFrames(skeleton, frames, poses, protocol);
    }

    /// <summary>A sample's pose in pixels of its frame. The box of a whole image is asked for only where it is needed.</summary>
    internal static Vector2[] ToFrame(Sample sample, Skeleton skeleton, Func<Box> wholeImage, DatasetOptions options)
    {
        Vector2[] points = sample.Labels!(skeleton);
        if (sample.Unit == LabelUnit.Fractions)
            return Array.ConvertAll(points, point => NormalizedCoordinates.ToPixel(point * 2 - Vector2.One, options.Width, options.Height));
        Box box = sample.Box ?? wholeImage();
        return Array.ConvertAll(points, point => box.ToCrop(point, options.Width, options.Height));
    }

    private static IReadOnlyList<Clip> Clips(IReadOnlyList<Sample> samples) =>
        ClipBuilder.Consecutive(samples.Select((sample, i) => (sample.Clip, sample.Group, sample.IsAlone ? i + 1 : 0)));
}
