using KeypointMl.Data.Formats.Landmarks;
using KeypointMl.Data.Manifests;
using KeypointMl.Data.Readers.Samples;
using KeypointMl.Data.Yaml;
using KeypointMl.Imaging.Files;
using KeypointMl.Imaging.Video;
using KeypointMl.Poses.Geometry;

namespace KeypointMl.Data.Readers.Sets;

/// <summary>
/// Reader <c>voxceleb2</c>: VoxCeleb2 (Chung, Nagrani, Zisserman, Interspeech 2018),
/// <c>mp4/&lt;identity&gt;/&lt;video&gt;/&lt;n&gt;.mp4</c> and <c>txt/…/&lt;n&gt;.txt</c> under a split's
/// <c>folder</c>. No labels. A split has <c>frames_per_clip</c> (evenly chosen; the text file says how many there are),
/// and optionally <c>max_clips</c> (evenly chosen) and <c>identities</c>. The videos of the release are cropped
/// already; with <c>boxes: true</c> they are whole frames, from which line i of the text file cuts frame i
/// (<c>crop</c>).
/// </summary>
internal sealed class VoxCeleb2Reader : SampleReader<VoxCeleb2Reader.Split>
{
    internal sealed record Split(string Folder, int FramesPerClip, int? MaxClips, IReadOnlySet<string>? Identities);

    private readonly bool boxes;
    private readonly CropSettings crop;

    private VoxCeleb2Reader(bool boxes, CropSettings crop, IReadOnlyDictionary<string, Split> splits)
        : base(splits)
    {
        this.boxes = boxes;
        this.crop = crop;
    }

    internal static VoxCeleb2Reader Parse(YamlSection section, YamlValue? splits)
    {
        bool boxes = section.Optional("boxes")?.AsBoolean() ?? false;
        var crop = CropSettings.Parse(section, margin: 0.2f);
        section.RejectUnknownKeys();
        return new VoxCeleb2Reader(boxes, crop, SplitSettings.Parse(section, splits, split => new Split(
            split.Required("folder").AsString(),
            split.Optional("frames_per_clip")?.AsInt32(1) ?? 10,
            split.Optional("max_clips")?.AsInt32(1),
            split.Optional("identities")?.AsStrings().ToHashSet())));
    }

    private protected override bool HasLabels(Split split) => false;

    private protected override IEnumerable<Sample> ListSplit(string split, string dataRoot, bool withLabels, DatasetOptions options)
    {
        Split settings = Settings(split);
        string folder = SetFolder.Require(dataRoot, $"{settings.Folder}/mp4");
        string[] clips =
        [
            .. SetFolder.SubFolders(folder)
                .Where(identity => settings.Identities?.Contains(identity) != false)
                .SelectMany(identity => SetFolder.SubFolders(Path.Combine(folder, identity)).Select(video => $"{identity}/{video}"))
                .SelectMany(video => Directory.EnumerateFiles(Path.Combine(folder, video), "*.mp4").Order(NaturalOrder.Comparer)
                    .Select(path => $"{video}/{Path.GetFileNameWithoutExtension(path)}")),
        ];
        foreach (int clip in EvenChoice.Choose(clips.Length, settings.MaxClips))
        {
            options.Cancellation.ThrowIfCancellationRequested();
            foreach (Sample sample in Clip(clips[clip], settings, dataRoot))
                yield return sample;
        }
    }

    private IEnumerable<Sample> Clip(string clip, Split settings, string dataRoot)
    {
        string name = $"{settings.Folder}/mp4/{clip}.mp4";
        string video = Path.Combine(dataRoot, name);
        string text = Path.Combine(dataRoot, settings.Folder, "txt", clip + ".txt");
        var track = VoxCelebTrack.Read(text);
        VideoInfo? info = boxes ? VideoProbe.Read(video) : null;
        foreach (int frame in EvenChoice.Choose(track.Boxes.Count, settings.FramesPerClip))
        {
            yield return new Sample(video, name, clip, null)
            {
                Frame = frame,
                Group = track.Identity,
                Box = info is null ? null : Crop(track.Boxes[frame], info, text),
            };
        }
    }

    private Box Crop(Box fractions, VideoInfo video, string text)
    {
        // Fractions 0 and 1 are the frame's edges, half a pixel outside of the centres of its first and last pixel.
        var box = new Box(fractions.X * video.Width, fractions.Y * video.Height, fractions.Width * video.Width,
            fractions.Height * video.Height);
        return crop.Around(box) ?? throw new InvalidDataException($"{text}: a box has no area.");
    }
}
