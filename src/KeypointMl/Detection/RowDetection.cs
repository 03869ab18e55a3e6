using System.Numerics;
using KeypointMl.Poses.Geometry;
using Microsoft.ML.Data;

namespace KeypointMl.Detection;

/// <summary>The result of one row: what the graph found in which part of the image, or why nothing.</summary>
internal readonly ref struct RowDetection
{
    /// <summary>[K,2] in pixels of the graph's image.</summary>
    public required ReadOnlySpan<float> Keypoints { get; init; }

    /// <summary>[K] in [0,1].</summary>
    public required ReadOnlySpan<float> Confidence { get; init; }

    /// <summary>The part of the image that the graph saw, in the image's pixels.</summary>
    public required Box Box { get; init; }

    /// <summary>Why the image or the box could not be used; null where they could.</summary>
    public required Exception? Failure { get; init; }

    /// <summary>The failure in words; empty where it did not fail.</summary>
    public ReadOnlyMemory<char> Reason => (Failure?.Message ?? "").AsMemory();

    /// <summary>Writes [K,2], or [K,3] with the confidences, in pixels of the whole image; NaN and confidence 0 where it failed.</summary>
    public void WriteKeypoints(int cropWidth, int cropHeight, bool interleaveConfidence, ref VBuffer<float> value)
    {
        int step = interleaveConfidence ? 3 : 2;
        var editor = VBufferEditor.Create(ref value, Confidence.Length * step);
        Span<float> values = editor.Values;
        for (int k = 0, to = 0; k < Confidence.Length; k++, to += step)
        {
            Vector2 point = Failure is null
                ? Box.FromCrop(new Vector2(Keypoints[2 * k], Keypoints[2 * k + 1]), cropWidth, cropHeight)
                : new Vector2(float.NaN);
            values[to] = point.X;
            values[to + 1] = point.Y;
            if (interleaveConfidence)
                values[to + 2] = Failure is null ? Confidence[k] : 0;
        }
        value = editor.Commit();
    }

    /// <summary>Writes [K]; 0 where it failed.</summary>
    public void WriteConfidence(ref VBuffer<float> value)
    {
        var editor = VBufferEditor.Create(ref value, Confidence.Length);
        if (Failure is null)
            Confidence.CopyTo(editor.Values);
        else
            editor.Values.Clear();
        value = editor.Commit();
    }
}
