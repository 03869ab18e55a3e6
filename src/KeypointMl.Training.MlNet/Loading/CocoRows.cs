using System.Numerics;
using System.Runtime.InteropServices;
using KeypointMl.Data.Formats.Coco;
using KeypointMl.Imaging.Images;
using KeypointMl.Loading;
using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Training.MlNet.Loading;

/// <summary>One walk over the annotations of a COCO file.</summary>
internal sealed class CocoRows(IReadOnlyList<CocoAnnotation> annotations, string imageFolder, ImageDecoderOptions options) : LoadedRows
{
    private int row = -1;
    private string? decodedPath;
    private RgbImage? decoded;

    private CocoAnnotation Current => annotations[row];

    private string ImagePath => Path.Combine(imageFolder, Current.FileName);

    public override bool MoveNext() => ++row < annotations.Count;

    public override Delegate Getter(string column) => column switch
    {
        CocoDataView.Image => RowImages.Getter(Decode),
        CocoDataView.PathName => (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = ImagePath.AsMemory()),
        CocoDataView.ImageId => (ValueGetter<long>)((ref long value) => value = Current.ImageId),
        CocoDataView.AnnotationId => (ValueGetter<long>)((ref long value) => value = Current.Id),
        CocoDataView.BoxName => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) => Write(Current.Box!.Value, ref value)),
        CocoDataView.Label =>
            (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
                Write(MemoryMarshal.Cast<Vector2, float>(Current.Keypoints), ref value)),
        _ => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) => Write(Current.Visibility, ref value)),
    };

    private RgbImage Decode()
    {
        string path = ImagePath;
        if (path != decodedPath)
        {
            decoded = ImageDecoder.Decode(path, options);
            decodedPath = path;
        }
        return decoded!;
    }
}
