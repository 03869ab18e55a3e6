using System.Globalization;

namespace KeypointMl.Benchmarks;

/// <summary>The process's memory at one moment of a long run.</summary>
/// <param name="Images">How many images were done.</param>
/// <param name="WorkingSet">Bytes of physical memory.</param>
/// <param name="Committed">Bytes of the managed heap, used or kept for use.</param>
/// <param name="LargeObjects">Bytes of large managed objects at the last collection.</param>
/// <param name="Collections">How often generation 2 has been collected since the start.</param>
internal sealed record MemorySample(int Images, long WorkingSet, long Committed, long LargeObjects, int Collections)
{
    private const double Mebi = 1 << 20;
    private const int LargeObjectGeneration = 3;

    /// <summary>Bytes that are not the managed heap's: the runtime, code, ONNX Runtime, the decoder.</summary>
    public long Native => WorkingSet - Committed;

    /// <summary>
    /// Looks now, after a collection of the youngest generation: what the run allocates (a few hundred bytes for each
    /// image) would otherwise pile up for tens of thousands of images before the runtime collects it, and look like
    /// growth.
    /// </summary>
    /// <param name="images">How many images are done.</param>
    public static MemorySample Take(int images)
    {
        GC.Collect(0, GCCollectionMode.Forced, blocking: true);
        GCMemoryInfo info = GC.GetGCMemoryInfo();
        return new MemorySample(images, Environment.WorkingSet, info.TotalCommittedBytes,
            info.GenerationInfo[LargeObjectGeneration].SizeAfterBytes, GC.CollectionCount(2));
    }

    /// <summary>Prints a table of samples.</summary>
    /// <param name="what">What the samples count.</param>
    /// <param name="samples">The samples in order.</param>
    public static void Print(string what, IEnumerable<MemorySample> samples)
    {
        Console.WriteLine();
        Console.WriteLine($"| {what} | working set, MiB | native, MiB | managed heap committed, MiB | large objects, KiB | "
            + "collections of generation 2 |");
        Console.WriteLine("|---:|---:|---:|---:|---:|---:|");
        foreach (MemorySample sample in samples)
            Console.WriteLine(sample);
    }

    /// <summary>A row of the table.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"| {Images} | {WorkingSet / Mebi:F1} | {Native / Mebi:F1} | {Committed / Mebi:F1} | {LargeObjects / 1024.0:F0} | {Collections} |");
}
