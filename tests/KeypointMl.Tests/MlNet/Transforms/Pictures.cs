using KeypointMl.Imaging.Images;
using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Tests.MlNet;

/// <summary>Rows for the transforms that make pictures, and what comes out of them.</summary>
internal static class Pictures
{
    public static PoseRow Row(int number) => new()
    {
        Number = number,
        Image = MlImagePixels.ToMlImage(TestImages.Numbered(number)),
        Path = $"no-such-{number}.png",
        Keypoints = TestImages.Flatten(TestImages.Dots(number)),
        Confidence = [1, 0.5f, 0.25f],
        Interleaved = [.. TestImages.Dots(number).SelectMany((p, k) => new[] { p.X, p.Y, 1f / (1 << k) })],
    };

    public static IDataView Rows(MLContext ml, int count) => ml.Data.LoadFromEnumerable([.. Enumerable.Range(0, count).Select(Row)]);

    /// <summary>The column <c>Picture</c> of every row, copied while the row is current; null where a row has none.</summary>
    public static RgbImage?[] Read(IDataView data)
    {
        DataViewSchema.Column column = data.Schema["Picture"];
        using DataViewRowCursor cursor = data.GetRowCursor([column]);
        ValueGetter<MLImage> getter = cursor.GetGetter<MLImage>(column);
        MLImage? image = null;
        var pictures = new List<RgbImage?>();
        while (cursor.MoveNext())
        {
            getter(ref image!);
            pictures.Add(image is null ? null : MlImagePixels.ToRgbImage(image));
        }
        image?.Dispose();
        return [.. pictures];
    }
}
