using System.Globalization;

namespace KeypointMl.Benchmarks;

/// <summary>Counts what all threads of the process allocate while one way of detecting goes through many images.</summary>
/// <param name="images">How many images.</param>
internal sealed class AllocationMeter(int images)
{
    private const int LargeObjects = 3;
    private double? baseline;

    /// <summary>The titles of the table's columns.</summary>
    public const string Header =
        "| of the first row's bytes | bytes for each image | way | images | collections of generation 0, 1, 2 | large "
        + "objects after − before, B |\n|---:|---:|---|---:|---:|---:|";

    /// <summary>Measures, and prints a row of the table.</summary>
    /// <param name="way">What it is.</param>
    /// <param name="run">Goes through so many images.</param>
    public void Measure(string way, Action<int> run)
    {
        run(Math.Max(1, images / 2));
        GC.Collect();
        long large = LargeObjectBytes();
        int[] collections = Collections();
        long before = GC.GetTotalAllocatedBytes(precise: true);
        run(images);
        double perImage = (double)(GC.GetTotalAllocatedBytes(precise: true) - before) / images;
        int[] during = [.. Collections().Zip(collections, (after, earlier) => after - earlier)];
        GC.Collect();
        baseline ??= perImage;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"| **{perImage / baseline.Value:P2}** | {perImage:F0} | {way} | {images} | {string.Join(", ", during)} | "
            + $"{LargeObjectBytes() - large} |"));
    }

    private static int[] Collections() => [GC.CollectionCount(0), GC.CollectionCount(1), GC.CollectionCount(2)];

    private static long LargeObjectBytes() => GC.GetGCMemoryInfo(GCKind.FullBlocking).GenerationInfo[LargeObjects].SizeAfterBytes;
}
