using System.Runtime.CompilerServices;

namespace KeypointMl.Data;

/// <summary>
/// A random generator that is a value: its stream is a function of (seed, stream, counter) alone, so that step 1,000 of
/// a resumed run draws what step 1,000 of an uninterrupted run draws. SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).
/// </summary>
public struct SeededRandom
{
    private ulong state;

    /// <summary>The generator of one (seed, stream, counter).</summary>
    public SeededRandom(ulong seed, ulong stream, ulong counter = 0)
    {
        state = Mix(Mix(Mix(seed + 0x9E3779B97F4A7C15) ^ (stream * 0xD1B54A32D192ED03 + 1)) ^ (counter * 0xABC98388FB8FAC03 + 1));
    }

    /// <summary>64 random bits.</summary>
    public ulong NextUInt64() => Mix(state += 0x9E3779B97F4A7C15);

    /// <summary>Uniform in 0…bound−1.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bound"/> is below 1.</exception>
    public int Next(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        return (int)Math.BigMul(NextUInt64(), (ulong)bound, out _);
    }

    /// <summary>Uniform in [0,1).</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [low, high).</summary>
    public float Uniform(float low, float high)
    {
        // The largest numbers below 1 round to 1 in single precision.
        float drawn = low + (float)NextDouble() * (high - low);
        return drawn < high || high <= low ? drawn : MathF.BitDecrement(high);
    }

    /// <summary>Normal with mean 0 and standard deviation 1 (Box–Muller).</summary>
    public float Gaussian()
    {
        double u = 1 - NextDouble();
        double v = NextDouble();
        return (float)(Math.Sqrt(-2 * Math.Log(u)) * Math.Cos(2 * Math.PI * v));
    }

    /// <summary>True with probability <paramref name="probability"/>.</summary>
    public bool Chance(double probability) => NextDouble() < probability;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
