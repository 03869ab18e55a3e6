using System.Numerics;
using System.Runtime.InteropServices;
using KeypointMl.Data.Frames;
using KeypointMl.Imaging.Subjects;

namespace KeypointMl.Data.Quality;

/// <summary>
/// Tells the subject from the ground in frames, without labels: by its contrast to the frame's rim, or, in clips that were cut
/// out at one place, by what moves through them. Frames in which neither is clear are left out.
/// </summary>
internal static class Foreground
{
    private const int Rim = 3;
    private const float LeastContrast = 18;
    private const float NoiseOfDeviation = 1.4826f;
    private const float MostOnRim = 0.12f;
    private const float LeastArea = 0.015f;
    private const float MostArea = 0.6f;
    // The subject is nearly all that differs.
    private const float LeastOfAll = 0.7f;
    // A subject that moves through a clip covers far more places than it does at a time.
    private const float MovesThrough = 3;
    private const int MostFrames = 128;

    /// <summary>The shapes of the subjects in the frames of one clip.</summary>
    /// <param name="frames">[size,size,3] RGB each.</param>
    /// <param name="size">Width and height.</param>
    /// <param name="isFixed">Whether all frames are of the same place of the source.</param>
    internal static IEnumerable<Shape> Shapes(IReadOnlyList<byte[]> frames, int size, bool isFixed)
    {
        byte[][]? moving = isFixed && frames.Count >= 8 ? Moving(frames) : null;
        for (int i = 0; i < frames.Count; i++)
        {
            Shape? shape = (moving is null ? null : ShapeOf(moving[i], size)) ?? ShapeOf(Contrast(frames[i], size), size);
            if (shape is Shape found)
                yield return found;
        }
    }

    /// <summary>The shapes in frames chosen from all over a set, and how many frames were looked at.</summary>
    internal static (IReadOnlyList<Shape> Shapes, int Frames) Sample(IFrameSet frames)
    {
        const int Clips = 16, PerClip = 8;
        int looked = 0;
        var shapes = new List<Shape>();
        foreach (IGrouping<int, (int Clip, FrameId Id, byte[] Pixels)> clip in Read(frames, Clips, PerClip).GroupBy(frame => frame.Clip))
        {
            looked += clip.Count();
            bool isFixed = clip.Select(frame => frame.Id.Box).Distinct().Count() == 1;
            shapes.AddRange(Shapes([.. clip.Select(frame => frame.Pixels)], frames.Width, isFixed));
        }
        return (shapes, looked);
    }

    // What is cheap to read in order only is read from the beginning.
    private static IEnumerable<(int Clip, FrameId Id, byte[] Pixels)> Read(IFrameSet frames, int clips, int perClip)
    {
        const int MostStreamed = 3000;
        byte[] frame = new byte[frames.Width * frames.Height * 3];
        if (frames is ISequentialFrameSet sequential)
        {
            int count = Math.Min(sequential.Count, MostStreamed);
            HashSet<int> places = [.. EvenChoice.Choose(count, MostFrames)];
            int place = 0;
            foreach (int index in sequential.Stream(frame))
            {
                if (places.Contains(place))
                    yield return (ClipOf(frames, index), frames.GetId(index), [.. frame]);
                if (++place >= count)
                    yield break;
            }
            yield break;
        }
        int[] chosen = [.. EvenChoice.Choose(frames.Clips.Count, frames.Clips.Max(clip => clip.Length) < 2 ? MostFrames : clips)];
        foreach (int clip in chosen)
        {
            foreach (int i in EvenChoice.Choose(frames.Clips[clip].Length, Math.Max(perClip, MostFrames / chosen.Length)))
            {
                int index = frames.Clips[clip].Start + i;
                frames.Read(index, frame);
                yield return (clip, frames.GetId(index), [.. frame]);
            }
        }
    }

    private static int ClipOf(IFrameSet frames, int index)
    {
        int clip = 0;
        while (index >= frames.Clips[clip].Start + frames.Clips[clip].Length)
            clip++;
        return clip;
    }

    // [size,size] how far each pixel differs from what the rim usually is; 0 where that is noise.
    private static byte[] Contrast(byte[] rgb, int size)
    {
        byte[] differences = new byte[size * size];
        for (int c = 0; c < 3; c++)
        {
            List<byte> rim = [];
            for (int i = 0; i < differences.Length; i++)
            {
                if (IsRim(i, size))
                    rim.Add(rgb[3 * i + c]);
            }
            byte usual = Median(rim);
            byte deviation = Median([.. rim.Select(value => (byte)Math.Abs(value - usual))]);
            float threshold = MathF.Max(LeastContrast, 5 * NoiseOfDeviation * deviation);
            for (int i = 0; i < differences.Length; i++)
            {
                int difference = Math.Abs(rgb[3 * i + c] - usual);
                if (difference > threshold)
                    differences[i] = (byte)Math.Max(differences[i], difference);
            }
        }
        return differences;
    }

    // For each frame how far each pixel differs from its median over the clip; null where nothing moves through it.
    private static byte[][]? Moving(IReadOnlyList<byte[]> frames)
    {
        int pixels = frames[0].Length / 3;
        byte[][] differences = [.. frames.Select(_ => new byte[pixels])];
        var values = new List<byte>(frames.Count);
        for (int i = 0; i < pixels * 3; i++)
        {
            CollectionsMarshal.SetCount(values, 0);
            foreach (byte[] frame in frames)
                values.Add(frame[i]);
            byte usual = Median([.. values]);
            for (int k = 0; k < frames.Count; k++)
            {
                int difference = Math.Abs(frames[k][i] - usual);
                if (difference > LeastContrast)
                    differences[k][i / 3] = (byte)Math.Max(differences[k][i / 3], difference);
            }
        }
        int all = Enumerable.Range(0, pixels).Count(i => differences.Any(frame => frame[i] > 0));
        double usually = differences.Average(frame => frame.Count(value => value > 0));
        return usually > 0 && all > MovesThrough * usually ? differences : null;
    }

    private static Shape? ShapeOf(byte[] differences, int size)
    {
        int rim = 0, onRim = 0, all = 0;
        for (int i = 0; i < differences.Length; i++)
        {
            all += differences[i] > 0 ? 1 : 0;
            if (!IsRim(i, size))
                continue;
            rim++;
            onRim += differences[i] > 0 ? 1 : 0;
        }
        if (onRim > MostOnRim * rim || all == 0)
            return null;
        Blob? blob = ConnectedComponents.Find(differences, size, Math.Max(4, (int)(LeastArea * size * size))).FirstOrDefault();
        if (blob is null || blob.Area > MostArea * size * size || blob.Area < LeastOfAll * all)
            return null;
        Vector2[] points = [.. Enumerable.Range(0, blob.Area).Select(k => new Vector2(blob.X[k] + 0.5f, blob.Y[k] + 0.5f) / size)];
        return Shape.Of(points, cut: 0.01f);
    }

    private static bool IsRim(int i, int size)
    {
        (int x, int y) = (i % size, i / size);
        return x < Rim || y < Rim || x >= size - Rim || y >= size - Rim;
    }

    private static byte Median(List<byte> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
