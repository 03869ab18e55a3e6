using System.CommandLine;
using System.Globalization;
using KeypointMl.Detection;
using KeypointMl.Inference.Devices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Benchmarks;

/// <summary><c>soak [--images N]</c>: whether memory stays flat in a long run through ML.NET.</summary>
internal static class SoakCommand
{
    private const int Files = 64;
    private const int Samples = 20;
    private const int WarmUpSamples = 2;

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var images = new Option<int>("--images")
        {
            Description = "How many images; memory is looked at 20 times on the way.",
            DefaultValueFactory = _ => 20_000,
        };
        images.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is var count && (count < Samples || count % Samples != 0))
                result.AddError($"--images must be a positive multiple of {Samples}; found {count}.");
        });
        var command = new Command("soak",
            "Memory of the process over a long run of DetectKeypoints over JPEGs of 640×480: "
            + "working set, native memory, large objects, collections.") { images };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(images)));
        return command;
    }

    private static void Run(int images)
    {
        Console.WriteLine(Machine.Describe());
        Console.WriteLine();
        using var photos = new Photos(Files);
        var ml = new MLContext(seed: 1);
        var options = new KeypointDetectionOptions
        {
            Device = KeypointDevice.Cpu,
            IntraOpThreads = 1,
            ParallelRuns = Environment.ProcessorCount,
        };
        using KeypointDetectingTransformer transformer =
            ml.Transforms.DetectKeypoints("Keypoints", nameof(PathRow.Path), DetectorFile.Small().Model.ToArray(), options)
            .Fit(ml.Data.LoadFromEnumerable(new List<PathRow>()));
        IDataView view = transformer.Transform(ml.Data.LoadFromEnumerable(Rows(photos.Paths, images)));
        MemorySample[] samples = Walk(view, images / Samples);
        MemorySample[] steady = samples[WarmUpSamples..];
        Console.WriteLine($"{images} images in one walk. Flatness is (largest − smallest) / median from image "
            + $"{steady[0].Images} on. Native memory is the working set without what the managed heap has committed.");
        Console.WriteLine();
        Console.WriteLine("| flatness | of | median, MiB |");
        Console.WriteLine("|---:|---|---:|");
        PrintFlatness("working set", steady, sample => sample.WorkingSet);
        PrintFlatness("native memory", steady, sample => sample.Native);
        MemorySample.Print("images", samples);
    }

    private static MemorySample[] Walk(IDataView view, int each)
    {
        DataViewSchema.Column column = view.Schema["Keypoints"];
        using DataViewRowCursor cursor = view.GetRowCursor([column]);
        ValueGetter<VBuffer<float>> getter = cursor.GetGetter<VBuffer<float>>(column);
        VBuffer<float> keypoints = default;
        var samples = new List<MemorySample>();
        for (int done = 1; cursor.MoveNext(); done++)
        {
            getter(ref keypoints);
            if (done % each == 0)
                samples.Add(MemorySample.Take(done));
        }
        return samples.Count == Samples
            ? [.. samples]
            : throw new InvalidOperationException(
                $"The walk was to end after {each * Samples} images; it ended after {each * samples.Count} or more.");
    }

    private static IEnumerable<PathRow> Rows(IReadOnlyList<string> paths, int count)
    {
        var row = new PathRow();
        for (int i = 0; i < count; i++)
        {
            row.Path = paths[i % paths.Count];
            yield return row;
        }
    }

    private static void PrintFlatness(string name, MemorySample[] steady, Func<MemorySample, long> value)
    {
        double median = new Spread(steady.Select(sample => (double)value(sample))).Median;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| **{(steady.Max(value) - steady.Min(value)) / median:P2}** | {name} | {median / (1 << 20):F1} |"));
    }
}
