using static TorchSharp.torch;

namespace KeypointMl.Training.Networks;

/// <summary>
/// Goes over an image batch [N,H,W,C] in memory in groups of images, block by block of whole pixels and whole vector
/// registers, by libtorch's number of threads.
/// </summary>
/// <param name="channels">C.</param>
/// <param name="groups">Groups of images.</param>
/// <param name="floats">Of a group.</param>
/// <param name="block">Floats of a block: a multiple of C and of a register.</param>
internal sealed unsafe class ChannelPasses(int channels, int groups, long floats, int block)
{
    /// <summary>So many blocks are summed in 32-bit floats before they are added to double-precision sums.</summary>
    private const int BlocksPerSum = 512;

    private readonly int threads = get_num_threads();
    private readonly int parts = groups >= get_num_threads() ? 1 : get_num_threads(); // of a group, each by one thread

    /// <summary>Whole blocks of a group, from one float to another.</summary>
    public delegate void Pass(long group, long from, long to);

    /// <summary>As <see cref="Pass"/>; adds to two sums of a block's floats.</summary>
    public delegate void SumPass(long group, long from, long to, float* first, float* second);

    /// <summary>One float of a group, by its place in the batch.</summary>
    public delegate void Value(long group, long at);

    /// <summary>What one float of a group adds to the two sums.</summary>
    public delegate (float First, float Second) Values(long group, long at);

    /// <summary>Every group in parts of whole blocks, by several threads, and what is left of each group value by value.</summary>
    public void ForEach(Pass pass, Value one)
    {
        Share(part =>
        {
            (long group, long from, long to) = Part(part);
            pass(group, from, to);
            if (part % parts == parts - 1)
            {
                for (long at = to; at < (group + 1) * floats; at++)
                    one(group, at);
            }
        });
    }

    /// <summary>Sums two quantities per channel. The order of additions depends on the number of threads alone.</summary>
    public void Sum(SumPass pass, Values one, double[] first, double[] second)
    {
        double[] partials = new double[2L * groups * parts * channels];
        Share(part =>
        {
            (long group, long from, long to) = Part(part);
            Span<float> sums = stackalloc float[2 * block];
            Span<double> mine = partials.AsSpan(2 * part * channels, 2 * channels);
            fixed (float* sum = sums)
            {
                for (long at = from; at < to; at += (long)BlocksPerSum * block)
                {
                    sums.Clear();
                    pass(group, at, Math.Min(to, at + (long)BlocksPerSum * block), sum, sum + block);
                    for (int i = 0; i < block; i++)
                    {
                        mine[i % channels] += sums[i];
                        mine[channels + i % channels] += sums[block + i];
                    }
                }
            }
            if (part % parts == parts - 1)
            {
                for (long at = to; at < (group + 1) * floats; at++)
                {
                    (float a, float b) = one(group, at);
                    mine[(int)(at % channels)] += a;
                    mine[channels + (int)(at % channels)] += b;
                }
            }
        });
        for (int part = 0; part < groups * parts; part++)
        {
            for (int channel = 0; channel < channels; channel++)
            {
                first[part / parts * channels + channel] += partials[2 * part * channels + channel];
                second[part / parts * channels + channel] += partials[(2 * part + 1) * channels + channel];
            }
        }
    }

    private void Share(Action<int> work)
    {
        if (threads == 1)
        {
            for (int part = 0; part < groups * parts; part++)
                work(part);
            return;
        }
        Parallel.For(0, groups * parts, new ParallelOptions { MaxDegreeOfParallelism = threads }, work);
    }

    private (long Group, long From, long To) Part(int part)
    {
        long group = part / parts;
        long blocks = floats / block;
        long index = part % parts;
        return (group, group * floats + blocks * index / parts * block, group * floats + blocks * (index + 1) / parts * block);
    }
}
