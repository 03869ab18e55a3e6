using System.Numerics;
using KeypointMl.Poses;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl;

/// <summary>What the getters of cursors and rows have in common.</summary>
internal static class Getters
{
    public static InvalidOperationException Inactive(DataViewSchema.Column column) =>
        new($"Column '{column.Name}' was not asked for when the cursor was created.");

    /// <summary>Gives a getter the type that its caller asked for.</summary>
    /// <exception cref="InvalidOperationException">The column holds another type.</exception>
    public static ValueGetter<TValue> Cast<TValue>(Delegate getter, DataViewSchema.Column column) => getter as ValueGetter<TValue> ?? throw WrongType<TValue>(column);

    public static InvalidOperationException WrongType<TValue>(DataViewSchema.Column column) =>
        new($"Column '{column.Name}' holds {column.Type.RawType}; a getter of {typeof(TValue)} was asked for.");

    /// <summary>Keypoints of the graph's image → [K,2] floats in pixels of the image.</summary>
    public static void WriteKeypoints(ReadOnlySpan<float> keypoints, Box box, int cropWidth, int cropHeight, ref VBuffer<float> value)
    {
        var editor = VBufferEditor.Create(ref value, keypoints.Length);
        for (int i = 0; i < keypoints.Length; i += 2)
        {
            Vector2 point = box.FromCrop(new Vector2(keypoints[i], keypoints[i + 1]), cropWidth, cropHeight);
            editor.Values[i] = point.X;
            editor.Values[i + 1] = point.Y;
        }
        value = editor.Commit();
    }

    public static void Write(ReadOnlySpan<float> source, ref VBuffer<float> value)
    {
        var editor = VBufferEditor.Create(ref value, source.Length);
        source.CopyTo(editor.Values);
        value = editor.Commit();
    }
}
