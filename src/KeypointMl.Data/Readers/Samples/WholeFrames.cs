using KeypointMl.Data.Formats.Tables;
using KeypointMl.Imaging.Images;
using KeypointMl.Imaging.Video;
using KeypointMl.Poses.Geometry;

namespace KeypointMl.Data.Readers.Samples;

/// <summary>
/// The boxes of whole images and frames. A video may change its size inside: one whose frames are asked for is
/// decoded once, up to the last sample of it.
/// </summary>
/// <param name="samples">All samples that may be asked for.</param>
internal sealed class WholeFrames(IReadOnlyList<Sample> samples)
{
    private readonly Dictionary<string, VideoFrameSizes> videos = new(StringComparer.Ordinal);
    private Dictionary<string, long>? lastFrames;

    /// <summary>The whole of a sample's image or frame.</summary>
    public Box Of(Sample sample)
    {
        if (sample.Embedded is EmbeddedImage embedded)
        {
            using EncodedImage image = embedded.Open();
            return Box.WholeImage(image.Width, image.Height);
        }
        if (sample.Frame is not long frame)
        {
            (int width, int height) = ImageDecoder.ReadSize(sample.Path);
            return Box.WholeImage(width, height);
        }
        lastFrames ??= samples.GroupBy(one => one.Path, StringComparer.Ordinal)
            .ToDictionary(video => video.Key, video => video.Max(one => one.Frame ?? 0), StringComparer.Ordinal);
        if (!videos.TryGetValue(sample.Path, out VideoFrameSizes? sizes))
            videos.Add(sample.Path, sizes = VideoFrameSizes.Read(sample.Path, lastFrames[sample.Path]));
        return sizes.WholeFrame(frame);
    }
}
