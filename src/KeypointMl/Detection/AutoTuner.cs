using System.Diagnostics;
using System.Runtime.ExceptionServices;
using KeypointMl.Inference.Detection;
using KeypointMl.Inference.Devices;

namespace KeypointMl.Detection;

/// <summary>
/// Measures a detector on this machine. For each split of the processors into runs × threads, and for batches of 1, 2,
/// 4, … images: every run goes once to warm up, then all of them together until a tenth of a second has passed.
/// Decoding is left out, as it takes processors that wait, whichever way is chosen.
/// </summary>
internal static class AutoTuner
{
    private const double Equal = 0.97;
    private const int LargestBatch = 32;

    private static readonly TimeSpan TrialTime = TimeSpan.FromMilliseconds(100);

    /// <summary>Measures, and loads the detector in the chosen way.</summary>
    public static (KeypointDetector Detector, KeypointTuning Tuning) Load(DetectionSettings settings, KeypointDetectorOptions options) =>
        Load(settings, options, Measure);

    /// <inheritdoc cref="Load(DetectionSettings, KeypointDetectorOptions)"/>
    /// <param name="settings">The model.</param>
    /// <param name="options">How it is loaded, but for the threads.</param>
    /// <param name="measure">Adds the trials of a detector with its threads and runs.</param>
    internal static (KeypointDetector Detector, KeypointTuning Tuning) Load(
        DetectionSettings settings, KeypointDetectorOptions options, Action<KeypointDetector, int, int, List<KeypointTuningTrial>> measure)
    {
        var trials = new List<KeypointTuningTrial>();
        KeypointDetector? loaded = null;
        int loadedThreads = 0;
        try
        {
            foreach ((int runs, int threads) in Splits(Environment.ProcessorCount, options.IntraOpThreads))
            {
                KeypointDetector detector = LoadWith(threads);
                measure(detector, threads, runs, trials);
                // On a GPU the processors' threads make no difference.
                if (detector.Device != KeypointDevice.Cpu)
                    break;
            }
        }
        catch
        {
            loaded?.Dispose();
            throw;
        }
        // Which trial is chosen is known when the fastest is.
        KeypointTuningTrial chosen = Choose(trials);
        return (LoadWith(chosen.IntraOpThreads), new KeypointTuning(chosen, trials));

        KeypointDetector LoadWith(int threads)
        {
            if (loaded is not null && loadedThreads == threads)
                return loaded;
            loaded?.Dispose();
            loadedThreads = threads;
            return loaded = KeypointDetector.Load(settings.Model, settings.ModelName, options with { IntraOpThreads = threads });
        }
    }

    /// <summary>Measures a detector that is loaded: only its batches can be chosen, and how many run at once.</summary>
    public static KeypointTuning Measure(KeypointDetector detector)
    {
        var trials = new List<KeypointTuningTrial>();
        int threads = detector.Options.IntraOpThreads;
        foreach ((int runs, int _) in Splits(Environment.ProcessorCount, threads == 0 ? Environment.ProcessorCount : threads))
            Measure(detector, threads, runs, trials);
        return new KeypointTuning(Choose(trials), trials);
    }

    /// <summary>The ways to split processors into runs × threads; with the threads given, one run and as many as fit.</summary>
    public static IEnumerable<(int Runs, int Threads)> Splits(int processors, int threads)
    {
        processors = Math.Min(processors, KeypointDetectionOptions.MaximumParallelRuns);
        if (threads != 0)
            return new[] { 1, Math.Max(1, processors / threads) }.Distinct().Select(runs => (runs, threads));
        return Enumerable.Range(0, 32).Select(power => 1L << power).TakeWhile(runs => runs < processors).Append(processors)
            .Select(runs => ((int)runs, (int)(processors / runs)));
    }

    /// <summary>Of the trials within 3 % of the fastest, the first with the smallest batch.</summary>
    public static KeypointTuningTrial Choose(IReadOnlyList<KeypointTuningTrial> trials)
    {
        double fastest = trials.Max(trial => trial.ImagesPerSecond);
        return trials.Where(trial => trial.ImagesPerSecond >= Equal * fastest).MinBy(trial => trial.BatchSize)!;
    }

    private static void Measure(KeypointDetector detector, int threads, int runs, List<KeypointTuningTrial> trials)
    {
        for (int batchSize = 1; batchSize <= Math.Min(LargestBatch, detector.LargestBatch); batchSize *= 2)
        {
            DetectorBatch[] batches = [.. Enumerable.Range(0, runs).Select(_ => detector.RentBatch(batchSize))];
            try
            {
                long start = Stopwatch.GetTimestamp();
                RunAll(batches, _ => false);
                bool isSlow = Stopwatch.GetElapsedTime(start) > TrialTime;
                start = Stopwatch.GetTimestamp();
                int done = RunAll(batches, elapsed => elapsed < TrialTime);
                trials.Add(new KeypointTuningTrial(
                    threads, runs, batchSize, done * batchSize / Stopwatch.GetElapsedTime(start).TotalSeconds));
                // Larger batches of a graph that is slow already gain nothing worth the wait.
                if (isSlow)
                    break;
            }
            finally
            {
                foreach (DetectorBatch batch in batches)
                    batch.Dispose();
            }
        }
    }

    /// <summary>Runs all batches at once, each in a thread of its own: each once, and on as long as it is told.</summary>
    /// <returns>How many runs there were.</returns>
    /// <remarks>What the first of them throws is thrown when all have ended, as they write into their batches until then.</remarks>
    internal static int RunAll(DetectorBatch[] batches, Func<TimeSpan, bool> goesOn)
    {
        int done = 0;
        ExceptionDispatchInfo? fault = null;
        long start = Stopwatch.GetTimestamp();
        void RunOne(DetectorBatch batch)
        {
            try
            {
                do
                {
                    batch.Run(batch.Capacity);
                    Interlocked.Increment(ref done);
                }
                while (Volatile.Read(ref fault) is null && goesOn(Stopwatch.GetElapsedTime(start)));
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref fault, ExceptionDispatchInfo.Capture(e), null);
            }
        }
        Thread[] others = [.. batches.Skip(1).Select(batch => new Thread(() => RunOne(batch)) { IsBackground = true })];
        foreach (Thread thread in others)
            thread.Start();
        RunOne(batches[0]);
        foreach (Thread thread in others)
            thread.Join();
        fault?.Throw();
        return done;
    }
}

/// <summary>What <see cref="KeypointDetectionOptions.AutoTune"/> measured on this machine and chose.</summary>
/// <param name="Chosen">
/// The way in use: of those within 3 % of the fastest the one with the smallest batch.
/// </param>
/// <param name="Trials">All that was measured.</param>
public sealed record KeypointTuning(KeypointTuningTrial Chosen, IReadOnlyList<KeypointTuningTrial> Trials)
{
    /// <summary>One line for a log.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Chosen.ParallelRuns} batches of {Chosen.BatchSize} at once with {Chosen.IntraOpThreads} threads each: {Chosen.ImagesPerSecond:F0} images/s ({Trials.Count} ways measured)");
}

/// <summary>One way of running a detector, and how fast it was.</summary>
/// <param name="IntraOpThreads">The threads of one run of the graph; 0: ONNX Runtime's choice.</param>
/// <param name="ParallelRuns">How many batches were in the graph at the same time.</param>
/// <param name="BatchSize">The images of one batch.</param>
/// <param name="ImagesPerSecond">The images that went through the graph in a second, decoding not included.</param>
public sealed record KeypointTuningTrial(int IntraOpThreads, int ParallelRuns, int BatchSize, double ImagesPerSecond);
