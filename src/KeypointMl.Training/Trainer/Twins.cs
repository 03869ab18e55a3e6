using static TorchSharp.torch;

namespace KeypointMl.Training;

/// <summary>A network that is trained and its average, which starts equal to it.</summary>
internal static class Twins
{
    /// <summary>Makes both from one seed; the average is in evaluation mode.</summary>
    public static (T Trained, T Average) Of<T>(ulong seed, Func<T> create)
        where T : nn.Module
    {
        T trained = Seeded();
        T average = Seeded();
        average.eval();
        return (trained, average);

        T Seeded()
        {
            random.manual_seed((long)seed);
            return create();
        }
    }
}
