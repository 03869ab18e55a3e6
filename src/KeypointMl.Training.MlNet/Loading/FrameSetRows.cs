using System.Numerics;
using System.Runtime.InteropServices;
using KeypointMl.Data.Frames;
using KeypointMl.Imaging.Images;
using KeypointMl.Loading;
using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Training.MlNet.Loading;

/// <summary>One walk over a split's frames.</summary>
internal sealed class FrameSetRows(FrameSetDataView view) : LoadedRows
{
    private readonly RgbImage image = new(view.Frames.Width, view.Frames.Height);
    private IEnumerator<int>? stream;
    private int row = -1;
    private int streamedRow = -1;

    private int Index => view.Order[row];

    public override bool MoveNext() => ++row < view.Order.Count;

    public override Delegate Getter(string column) => column switch
    {
        FrameSetDataView.Image => RowImages.Getter(ReadFrame),
        FrameSetDataView.Video => Text(() => view.ClipOf[Index].Name),
        FrameSetDataView.Frame => (ValueGetter<long>)((ref long value) => value = Index - view.ClipOf[Index].Start),
        FrameSetDataView.Source => Text(() => view.Frames.GetId(Index).Source),
        FrameSetDataView.SourceFrame => (ValueGetter<long>)((ref long value) => value = view.Frames.GetId(Index).Frame),
        FrameSetDataView.Item => Text(() => view.Frames.GetId(Index).Item),
        FrameSetDataView.Group => Text(() => view.ClipOf[Index].Group),
        _ => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
            Write(MemoryMarshal.Cast<Vector2, float>(view.Labels![Index]), ref value)),
    };

    public override void Dispose() => stream?.Dispose();

    private static ValueGetter<ReadOnlyMemory<char>> Text(Func<string> get) => (ref ReadOnlyMemory<char> value) => value = get().AsMemory();

    private RgbImage ReadFrame()
    {
        if (view.Frames is not ISequentialFrameSet sequential)
        {
            view.Frames.Read(Index, image.Pixels);
            return image;
        }
        stream ??= sequential.Stream(image.Pixels).GetEnumerator();
        while (streamedRow < row)
        {
            if (!stream.MoveNext())
                throw new InvalidDataException($"{view.Frames.GetId(Index).Source} ends before frame {view.Frames.GetId(Index).Frame}.");
            streamedRow++;
        }
        return image;
    }
}
