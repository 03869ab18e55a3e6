using KeypointMl.Imaging.Images;
using KeypointMl.Poses.Geometry;

namespace KeypointMl.Benchmarks;

/// <summary>The two pieces of work that cannot be left out, each alone on all threads.</summary>
internal static class Floor
{
    /// <summary>Reads, decodes and resizes image files.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="size">The width and height of the results.</param>
    /// <param name="threads">How many files at the same time.</param>
    public static void Decode(IReadOnlyList<string> paths, int size, int threads)
    {
        var crops = new byte[threads][];
        Share(paths.Count, threads, (thread, index) =>
        {
            using var image = EncodedImage.Open(paths[index]);
            image.Crop(Box.WholeImage(image.Width, image.Height), crops[thread] ??= new byte[size * size * 3], size, size);
        });
    }

    /// <summary>Runs a session.</summary>
    /// <param name="session">The session, with one lane for each run at a time.</param>
    /// <param name="batches">How many batches.</param>
    /// <param name="lanes">How many runs at the same time.</param>
    public static void Detect(DetectorSession session, int batches, int lanes) => Share(batches, lanes, (lane, _) => session.Run(lane));

    private static void Share(int count, int threads, Action<int, int> work)
    {
        int next = -1;
        void Run(int thread)
        {
            for (int index; (index = Interlocked.Increment(ref next)) < count;)
                work(thread, index);
        }
        Thread[] others = [.. Enumerable.Range(1, threads - 1).Select(thread => new Thread(() => Run(thread)))];
        foreach (Thread other in others)
            other.Start();
        Run(0);
        foreach (Thread other in others)
            other.Join();
    }
}
