using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Networks;

/// <summary>
/// Vectorised passes over an image batch [N,H,W,C] in memory, with a number per channel, in groups of images. Channels
/// rarely fill vector registers; as many pixels as make whole registers are taken together (four of ten channels are
/// five registers of eight), and the channels' numbers are repeated over them.
/// </summary>
internal sealed unsafe class ChannelRows
{
    private static readonly int Lanes = Vector<float>.Count;
    private readonly int channels;
    private readonly int groups;
    private readonly int block;         // floats: whole pixels and whole registers
    private readonly long floats;       // of a group
    private readonly ChannelPasses passes;

    /// <param name="image">[N,H,W,C] float32, contiguous, on the CPU.</param>
    /// <param name="groups">1, or N: an image each.</param>
    public ChannelRows(Tensor image, int groups)
    {
        this.groups = groups;
        channels = (int)image.shape[3];
        floats = image.NumberOfElements / groups;
        block = channels * Lanes / (int)BigInteger.GreatestCommonDivisor(channels, Lanes);
        passes = new ChannelPasses(channels, groups, floats, block);
        PixelsPerGroup = (double)floats / channels;
    }

    /// <summary>Pixels of a group.</summary>
    public double PixelsPerGroup { get; }

    /// <summary>
    /// Means and variances [G,C]: sums of differences to the group's first pixel, which is near enough to the mean for
    /// their squares to keep their digits.
    /// </summary>
    public (Tensor Mean, Tensor Variance) Moments(Tensor image)
    {
        float* x = Pointer(image);
        double[] sums = new double[groups * channels];
        double[] squares = new double[groups * channels];
        passes.Sum((group, from, to, sum, square) =>
        {
            float* first = x + group * floats;
            Span<float> repeated = stackalloc float[block];
            Repeat(first, repeated);
            fixed (float* origin = repeated)
            {
                for (long at = from; at < to; at += block)
                {
                    for (int v = 0; v < block; v += Lanes)
                    {
                        Vector<float> difference = Vector.Load(x + at + v) - Vector.Load(origin + v);
                        Vector.Store(Vector.Load(sum + v) + difference, sum + v);
                        Vector.Store(Vector.Load(square + v) + difference * difference, square + v);
                    }
                }
            }
        },
        (group, at) =>
        {
            float difference = x[at] - x[group * floats + at % channels];
            return (difference, difference * difference);
        }, sums, squares);
        float[] means = new float[sums.Length];
        float[] variances = new float[sums.Length];
        for (int i = 0; i < sums.Length; i++)
        {
            double mean = sums[i] / PixelsPerGroup;
            means[i] = (float)(x[i / channels * floats + i % channels] + mean);
            variances[i] = (float)Math.Max(0, squares[i] / PixelsPerGroup - mean * mean);
        }
        return (OfChannels(means), OfChannels(variances));
    }

    /// <summary>y = v where v > 0, slope·v elsewhere, with v = scale·x + shift.</summary>
    public void Activate(Tensor image, Tensor scale, Tensor shift, float slope, Tensor result)
    {
        float* x = Pointer(image);
        float* y = Pointer(result);
        (float[] scales, float[] shifts) = (Repeated(scale), Repeated(shift));
        passes.ForEach((group, from, to) =>
        {
            fixed (float* a = &scales[group * block], b = &shifts[group * block])
            {
                var factor = new Vector<float>(slope);
                for (long at = from; at < to; at += block)
                {
                    for (int v = 0; v < block; v += Lanes)
                    {
                        Vector<float> value = Vector.Load(x + at + v) * Vector.Load(a + v) + Vector.Load(b + v);
                        Vector.Store(Vector.ConditionalSelect(
                            Vector.GreaterThan(value, Vector<float>.Zero), value, value * factor), y + at + v);
                    }
                }
            }
        },
        (group, at) =>
        {
            float value = x[at] * scales[group * block + at % channels] + shifts[group * block + at % channels];
            y[at] = value > 0 ? value : value * slope;
        });
    }

    /// <summary>Σg′ and Σg′·(x − μ) [G,C], with g′ the gradient behind the activation.</summary>
    public (Tensor Sum, Tensor Product) GradientSums(Tensor image, Tensor gradient, Tensor scale, Tensor shift, Tensor mean, float slope)
    {
        float* x = Pointer(image);
        float* g = Pointer(gradient);
        (float[] scales, float[] shifts, float[] means) = (Repeated(scale), Repeated(shift), Repeated(mean));
        double[] sums = new double[groups * channels];
        double[] products = new double[groups * channels];
        passes.Sum((group, from, to, sum, product) =>
        {
            fixed (float* a = &scales[group * block], b = &shifts[group * block], m = &means[group * block])
            {
                var factor = new Vector<float>(slope);
                for (long at = from; at < to; at += block)
                {
                    for (int v = 0; v < block; v += Lanes)
                    {
                        Vector<float> value = Vector.Load(x + at + v);
                        Vector<float> behind = Behind(value * Vector.Load(a + v) + Vector.Load(b + v), Vector.Load(g + at + v), factor);
                        Vector.Store(Vector.Load(sum + v) + behind, sum + v);
                        Vector.Store(Vector.Load(product + v) + behind * (value - Vector.Load(m + v)), product + v);
                    }
                }
            }
        },
        (group, at) =>
        {
            long channel = group * block + at % channels;
            float behind = x[at] * scales[channel] + shifts[channel] > 0 ? g[at] : g[at] * slope;
            return (behind, behind * (x[at] - means[channel]));
        }, sums, products);
        return (OfChannels([.. sums.Select(value => (float)value)]), OfChannels([.. products.Select(value => (float)value)]));
    }

    /// <summary>∂x = scale·g′ + ofX·x + constant.</summary>
    public void InputGradient(
        Tensor image, Tensor gradient, Tensor scale, Tensor shift, float slope, Tensor ofX, Tensor constant, Tensor result)
    {
        float* x = Pointer(image);
        float* g = Pointer(gradient);
        float* dx = Pointer(result);
        (float[] scales, float[] shifts, float[] factors, float[] constants) =
            (Repeated(scale), Repeated(shift), Repeated(ofX), Repeated(constant));
        passes.ForEach((group, from, to) =>
        {
            fixed (float* a = &scales[group * block], b = &shifts[group * block], c = &factors[group * block], d =
                &constants[group * block])
            {
                var factor = new Vector<float>(slope);
                for (long at = from; at < to; at += block)
                {
                    for (int v = 0; v < block; v += Lanes)
                    {
                        Vector<float> value = Vector.Load(x + at + v);
                        Vector<float> s = Vector.Load(a + v);
                        Vector<float> behind = Behind(value * s + Vector.Load(b + v), Vector.Load(g + at + v), factor);
                        Vector.Store(s * behind + Vector.Load(c + v) * value + Vector.Load(d + v), dx + at + v);
                    }
                }
            }
        },
        (group, at) =>
        {
            long channel = group * block + at % channels;
            float behind = x[at] * scales[channel] + shifts[channel] > 0 ? g[at] : g[at] * slope;
            dx[at] = scales[channel] * behind + factors[channel] * x[at] + constants[channel];
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Behind(Vector<float> value, Vector<float> gradient, Vector<float> slope) =>
        Vector.ConditionalSelect(Vector.GreaterThan(value, Vector<float>.Zero), gradient, gradient * slope);

    private float[] Repeated(Tensor perChannel)
    {
        float* values = Pointer(perChannel);
        float[] repeated = new float[groups * block];
        for (int group = 0; group < groups; group++)
            Repeat(values + group * channels, repeated.AsSpan(group * block, block));
        return repeated;
    }

    private void Repeat(float* values, Span<float> repeated)
    {
        for (int i = 0; i < repeated.Length; i++)
            repeated[i] = values[i % channels];
    }

    private Tensor OfChannels(float[] values) => tensor(values, [groups, channels], device: DeviceTensors.Cpu);

    private static float* Pointer(Tensor contiguous) => (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(contiguous.bytes));
}
