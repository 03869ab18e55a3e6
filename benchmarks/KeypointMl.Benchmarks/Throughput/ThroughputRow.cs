using System.Globalization;
using KeypointMl.Detection;
using KeypointMl.Inference.Devices;
using Microsoft.ML;

namespace KeypointMl.Benchmarks;

/// <summary>Measures one detector on the processors that this process may use.</summary>
/// <param name="photos">The image files.</param>
/// <param name="chunk">
/// How many of them an alternative goes through in a round; the next round takes the next. Short turns, so that what
/// disturbs the machine disturbs all alike.
/// </param>
/// <param name="rounds">How many rounds.</param>
internal sealed class ThroughputRow(Photos photos, int chunk, int rounds)
{
    private const int TrialRounds = 5;
    private static readonly int[] StockThreads = [1, 2];
    private readonly MLContext ml = new(seed: 1);
    private readonly string[][] chunks = [.. photos.Paths.Chunk(chunk)];

    /// <summary>The titles of the table's columns.</summary>
    public const string Header =
        "| × the stock chain | × the floor | floor × the stock chain | detector | processors | rounds | DetectKeypoints, "
        + "images/s | stock chain | decode alone | session alone | AutoTune chose | stock chain's threads "
        + "|\n|---:|---:|---:|---|---:|---:|---:|---:|---:|---:|---|---:|";

    /// <summary>Measures.</summary>
    /// <param name="detector">The detector.</param>
    /// <returns>The table's row.</returns>
    public string Measure(DetectorFile detector)
    {
        int threads = BestStockThreads(detector);
        var options = new KeypointDetectionOptions { Device = KeypointDevice.Cpu, AutoTune = true };
        using KeypointDetectingTransformer transformer =
            ml.Transforms.DetectKeypoints("Keypoints", nameof(PathRow.Path), detector.Model.ToArray(), options).Fit(Rows([]));
        KeypointTuningTrial chosen = transformer.Tuning!.Chosen;
        using var stock = new StockChain(ml, detector, threads);
        using var session = new DetectorSession(detector, chosen.BatchSize, chosen.IntraOpThreads, chosen.ParallelRuns);
        TimedAlternative[] timed = InterleavedTimer.Run(
            [
                EachTime(paths => stock.Run(Rows(paths), paths.Length)),
                EachTime(paths => KeypointWalk.Run(transformer.Transform(Rows(paths)), "Keypoints", paths.Length)),
                EachTime(paths => Floor.Decode(paths, detector.Size, Environment.ProcessorCount)),
                EachTime(paths => Floor.Detect(session, (paths.Length + chosen.BatchSize - 1) / chosen.BatchSize, chosen.ParallelRuns)),
            ],
            rounds);
        TimedAlternative ours = timed[1];
        double[] floor = [.. timed[2].Times.Zip(timed[3].Times, (decoding, detecting) => decoding + detecting)];
        string Speed(TimedAlternative alternative) =>
            (chunk * 1000 / alternative.Milliseconds.Median).ToString("F1", CultureInfo.InvariantCulture);
        return string.Join(" | ", [
            $"| {ours.Speed}", $"{new Spread(floor.Zip(ours.Times, (least, own) => least / own))}",
                $"{new Spread(timed[0].Times.Zip(floor, (slow, least) => slow / least))}", detector.Name,
                    $"{Environment.ProcessorCount}", $"{rounds}", Speed(ours), Speed(timed[0]), Speed(timed[2]), Speed(timed[3]),
            $"{chosen.ParallelRuns} × {chosen.IntraOpThreads} threads, batches of {chosen.BatchSize}", $"{threads} |"]);
    }

    // Tried with more threads than processors too: what a user would find by trying.
    private int BestStockThreads(DetectorFile detector)
    {
        StockChain[] chains = [.. StockThreads.Select(threads => new StockChain(ml, detector, threads))];
        TimedAlternative[] timed =
            InterleavedTimer.Run([.. chains.Select(chain => EachTime(paths => chain.Run(Rows(paths), paths.Length)))], TrialRounds);
        foreach (StockChain chain in chains)
            chain.Dispose();
        return timed[1].Speed.Median > 1 ? StockThreads[1] : StockThreads[0];
    }

    private Action EachTime(Action<string[]> run)
    {
        int turn = 0;
        return () => run(chunks[turn++ % chunks.Length]);
    }

    private IDataView Rows(string[] paths) => ml.Data.LoadFromEnumerable(Array.ConvertAll(paths, path => new PathRow { Path = path }));
}
