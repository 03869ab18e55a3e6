using KeypointMl.Imaging.Images;
using KeypointMl.Imaging.Video;
using KeypointMl.Poses.Geometry;
using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Loading;

/// <summary>
/// One walk over a video. ffmpeg is started when the first image, or the box of a whole frame, is asked for; where
/// the video does not say how many frames it has, at once, as only reading finds the end.
/// </summary>
internal sealed class VideoRows(VideoDataView view) : LoadedRows
{
    private RgbImage? image;
    private FfmpegVideoReader? reader;
    private long row = -1;
    private long frame;
    private string item = "";
    private Box box;

    public override bool MoveNext()
    {
        row++;
        if (view.Boxes is { } boxes)
        {
            if (row >= boxes.Count)
                return false;
            (frame, item, box) = (boxes[(int)row].Frame, boxes[(int)row].Track, boxes[(int)row].Box);
            return true;
        }
        frame = view.Options.FirstFrame + row * view.Options.FrameStep;
        return view.LastFrame is long last ? frame <= last : TryReadFrame();
    }

    public override Delegate Getter(string column) => column switch
    {
        VideoDataView.Image => RowImages.Getter(ReadFrame),
        VideoDataView.Source => (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = view.Video.Path.AsMemory()),
        VideoDataView.Frame => (ValueGetter<long>)((ref long value) => value = frame),
        VideoDataView.Item => (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = item.AsMemory()),
        // The whole of a frame is as large as the frame, and the size may change inside a video.
        _ when view.Boxes is null => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) => Write(Whole(ReadFrame()), ref value)),
        _ => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) => Write(box, ref value)),
    };

    public override void Dispose() => reader?.Dispose();

    private static Box Whole(RgbImage image) => Box.WholeImage(image.Width, image.Height);

    private RgbImage ReadFrame()
    {
        if (!TryReadFrame())
        {
            throw new InvalidDataException(
                $"{view.Video.Path} ends before frame {frame}. Copy or re-encode it, or restrict the frames that are used.");
        }
        if (view.Boxes is { } boxes)
            VideoDataView.CheckInside(boxes[(int)row], image!.Width, image.Height, view.Video.Path);
        return image!;
    }

    private bool TryReadFrame()
    {
        // Where an end was asked for, fewer frames are an error of the video, and the reader says so.
        reader ??= FfmpegVideoReader.Open(view.Video.Path, frame, view.LastAsked - frame + 1);
        while (reader.NextFrame <= frame)
        {
            if (reader.Read(image) is not { } read)
                return false;
            image = read;
        }
        return true;
    }
}
