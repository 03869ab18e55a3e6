using System.Numerics;
using System.Runtime.InteropServices;

namespace KeypointMl.Imaging.Subjects;

/// <summary>
/// The ground behind the subjects, as it is now: it follows the light, as a whole by the median ratio between frame and ground,
/// and pixel by pixel with a time constant of
/// 2^<see cref="Pace"/> frames wherever no subject's box is.
/// </summary>
internal sealed class Background
{
    private const int Pace = 5;
    private const int GainStride = 13;
    private const int GainPixels = 500;
    private const int DarkestForGain = 24;
    private const int ThresholdsEvery = 25;

    private readonly Polarity polarity;
    private readonly byte[] noise;
    private readonly float shade;
    private readonly ushort[] levels;
    private readonly byte[] pixels;
    private readonly byte[] thresholds;
    private readonly byte[] differences;
    private readonly int[] ratios = new int[1024];
    private long frames;

    /// <param name="ground">[h,w] grey levels of the ground.</param>
    /// <param name="noise">[h,w]: differences up to these are noise.</param>
    /// <param name="polarity">Which differences count.</param>
    /// <param name="shade">What part of the ground's brightness a shadow may take away; 0 where none is expected.</param>
    internal Background(byte[] ground, byte[] noise, Polarity polarity, float shade)
    {
        (this.noise, this.polarity, this.shade) = (noise, polarity, shade);
        pixels = (byte[])ground.Clone();
        levels = Array.ConvertAll(ground, level => (ushort)(level << 8));
        thresholds = new byte[ground.Length];
        differences = new byte[ground.Length];
        SetThresholds();
    }

    /// <summary>How far each pixel differs from the ground; 0 where that is noise, a shadow, or a difference that does not count.</summary>
    /// <returns>[h,w] grey levels; used again by the next call.</returns>
    internal byte[] Subtract(ReadOnlySpan<byte> frame)
    {
        if (frames++ % ThresholdsEvery == 0)
            SetThresholds();
        int lanes = Vector<byte>.Count;
        int i = 0;
        for (; i + lanes <= frame.Length; i += lanes)
        {
            Vector<byte> now = new(frame[i..]), ground = new(pixels, i);
            Vector<byte> brighter = Vector.Max(now, ground) - ground;
            Vector<byte> darker = ground - Vector.Min(now, ground);
            Vector<byte> difference = polarity switch
            {
                Polarity.Brighter => brighter,
                Polarity.Darker => darker,
                _ => brighter | darker,
            };
            (difference & Vector.GreaterThan(difference, new Vector<byte>(thresholds, i))).CopyTo(differences, i);
        }
        for (; i < frame.Length; i++)
        {
            int difference = polarity switch
            {
                Polarity.Brighter => Math.Max(0, frame[i] - pixels[i]),
                Polarity.Darker => Math.Max(0, pixels[i] - frame[i]),
                _ => Math.Abs(frame[i] - pixels[i]),
            };
            differences[i] = (byte)(difference > thresholds[i] ? difference : 0);
        }
        return differences;
    }

    /// <summary>Follows the light.</summary>
    /// <param name="frame">[h,w] grey levels.</param>
    /// <param name="isProtected">[h,w]: 255 where a subject is or may be, 0 elsewhere.</param>
    internal void Follow(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> isProtected)
    {
        FollowGain(frame, isProtected);
        int lanes = Vector<byte>.Count;
        Span<Vector<ushort>> vectors = MemoryMarshal.Cast<ushort, Vector<ushort>>(levels.AsSpan());
        int i = 0;
        for (; i + lanes <= frame.Length; i += lanes)
        {
            Vector.Widen(new Vector<byte>(frame[i..]), out Vector<ushort> low, out Vector<ushort> high);
            Vector<byte> shielded = new(isProtected[i..]);
            Vector.Widen(shielded, out Vector<ushort> shieldLow, out Vector<ushort> shieldHigh);
            Span<Vector<ushort>> two = vectors.Slice(2 * i / lanes, 2);
            two[0] = Approach(two[0], low << 8, shieldLow);
            two[1] = Approach(two[1], high << 8, shieldHigh);
            Vector.Narrow(two[0] >> 8, two[1] >> 8).CopyTo(pixels, i);
        }
        for (; i < frame.Length; i++)
        {
            if (isProtected[i] == 0)
                levels[i] = Approach(levels[i], frame[i] << 8);
            pixels[i] = (byte)(levels[i] >> 8);
        }
    }

    private static Vector<ushort> Approach(Vector<ushort> level, Vector<ushort> target, Vector<ushort> shield)
    {
        Vector<ushort> up = (Vector.Max(target, level) - level) >> Pace;
        Vector<ushort> down = (level - Vector.Min(target, level)) >> Pace;
        return Vector.ConditionalSelect(Vector.Equals(shield, Vector<ushort>.Zero), level + up - down, level);
    }

    // As the vectors do: what is nearer than 2^Pace levels, above or below, stays.
    private static ushort Approach(ushort level, int target) =>
        (ushort)(level + (Math.Max(0, target - level) >> Pace) - (Math.Max(0, level - target) >> Pace));

    // In levels of the ratio of 1/256.
    private void FollowGain(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> isProtected)
    {
        Array.Clear(ratios);
        int count = 0;
        for (int i = 0; i < frame.Length; i += GainStride)
        {
            if (isProtected[i] != 0 || pixels[i] < DarkestForGain)
                continue;
            ratios[Math.Min(ratios.Length - 1, frame[i] * 65536 / levels[i])]++;
            count++;
        }
        if (count < GainPixels)
            return;
        int median = 0;
        for (int seen = ratios[0]; 2 * seen < count; seen += ratios[median])
            median++;
        // The pixels follow small changes by themselves.
        if (Math.Abs(median - 256) < 3)
            return;
        for (int i = 0; i < levels.Length; i++)
            levels[i] = (ushort)Math.Min(ushort.MaxValue, levels[i] * median >> 8);
        for (int i = 0; i < levels.Length; i++)
            pixels[i] = (byte)(levels[i] >> 8);
    }

    private void SetThresholds()
    {
        for (int i = 0; i < thresholds.Length; i++)
            thresholds[i] = (byte)Math.Min(254, Math.Max(noise[i], shade * pixels[i]));
    }
}
