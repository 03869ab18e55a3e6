using KeypointMl.Data.Frames;

namespace KeypointMl.Training.Batches;

/// <summary>Frames as networks take them when nothing is learnt from them: so many in one pass, in the order that is asked for.</summary>
internal static class FrameBlocks
{
    /// <summary>Frames in one pass.</summary>
    public const int Size = 32;

    /// <summary>[N,H,W,3] bytes of some frames.</summary>
    public static byte[] Read(IFrameSet frames, int[] indices)
    {
        int size = frames.Width * frames.Height * 3;
        var bytes = new byte[indices.Length * size];
        for (int i = 0; i < indices.Length; i++)
            frames.Read(indices[i], bytes.AsSpan(i * size, size));
        return bytes;
    }
}
