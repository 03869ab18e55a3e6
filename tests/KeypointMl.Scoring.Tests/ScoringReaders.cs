using System.Numerics;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Scoring.Inputs;
using KeypointMl.Scoring.Jobs.Results;
using KeypointMl.Scoring.Pipelines;
using KeypointMl.Scoring.Rows;
using KeypointMl.Scoring.Sinks;
using Parquet;
using Parquet.Schema;

namespace KeypointMl.Scoring.Tests;

/// <summary>The readers of pipelines, lists of paths and predictions, with files like those that people have.</summary>
internal static class ScoringReaders
{
    private static readonly Skeleton Fly = new("fly", ["head", "left_wing", "right_wing"], [new(0, 1), new(0, 2)], [(1, 2)]);

    private static readonly Lazy<byte[][]> Lists = new(() =>
        [.. Enum.GetValues<CompressionMethod>().Where(method => method != CompressionMethod.Lzo)
            .SelectMany(method => new[] { WriteList(method, false, 3), WriteList(method, true, 200) })]);

    private static readonly Lazy<byte[][]> Predictions = new(() => [WritePredictions(1, false), WritePredictions(300, true)]);

    /// <summary>By name.</summary>
    public static FuzzedReader[] All { get; } =
    [
        FuzzedReader.Yaml("pipeline", path => ScorePipeline.Load(path), Pipeline),
        FuzzedReader.Csv("path-list", ReadPaths, "path\na.png\n\"b,c.png\"\nd.png\n"),
        new("path-lines", ".txt", () => ["a.png\nb/c.png\r\n\nd.png"u8.ToArray()], ReadPaths) { Words = Spoiling.CsvWords },
        new("path-parquet", ".parquet", () => Lists.Value, ReadPaths) { Cases = 1500, NightlyCases = 100_000 },
        new("prediction-parquet", ".parquet", () => Predictions.Value, ReadPredictions) { Cases = 1500, NightlyCases = 100_000 },
    ];

    private const string Pipeline = """
        # The inputs are listed below.
        model: detector.onnx
        inputs:
          - path: left/*.mp4
            prefix: left
          - { path: right/*.mp4, first: 250, step: 5 }
          - videos.csv
        steps:
          - median: 5
          - one_euro: { rate: 25, min_cutoff: 1, beta: 0.01, derivative_cutoff: 1 }
          - threshold: 0.2
        outputs:
          - flies.parquet
          - flies.json
        batch: 16
        device: auto
        """;

    private static void ReadPaths(string path)
    {
        foreach (string _ in PathTable.Read(path, "path"))
        {
        }
    }

    private static void ReadPredictions(string path)
    {
        foreach (PredictionRow _ in PredictionParquet.ReadAsync(path, Fly).ToBlockingEnumerable())
        {
        }
    }

    private static byte[] WriteList(CompressionMethod compression, bool many, int rows)
    {
        var schema = new ParquetSchema(new DataField<string>("path"), new DataField<long>("size"));
        using var stream = new MemoryStream();
        ParquetWriter writer = ParquetWriter.CreateAsync(schema, stream, new ParquetOptions
        {
            CompressionMethod = compression,
        }).GetAwaiter().GetResult();
        using (ParquetRowGroupWriter group = writer.CreateRowGroup())
        {
            DataField[] fields = schema.GetDataFields();
            group.WriteAsync(fields[0], (string[])[.. Enumerable.Range(0, rows).Select(i => many ? $"{i % 7}.png" : $"{i}.png")])
                .GetAwaiter().GetResult();
            group.WriteAsync<long>(fields[1], Enumerable.Range(0, rows).Select(i => (long)i * i).ToArray()).GetAwaiter().GetResult();
        }
        writer.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return stream.ToArray();
    }

    private static byte[] WritePredictions(int rows, bool sizes)
    {
        string path = Path.GetTempFileName();
        try
        {
            ParquetSink sink = new(path, Fly, frameSizes: sizes);
            for (int i = 0; i < rows; i++)
            {
                bool failed = i % 5 == 4;
                sink.WriteAsync(
                    new PredictionRow
                    {
                        Source = "v.mp4",
                        Frame = i,
                        Item = i % 2 == 0 ? "" : "left",
                        Box = failed ? null : new Box(1, 2, 3 + i, 4),
                        Error = failed ? "it is cut short" : null,
                        FrameWidth = 64,
                        FrameHeight = 48,
                        Keypoints = failed ? default : new Vector2[] { new(1, i), new(3, 4), new(5, 6) },
                        Confidence = failed ? default : new[] { 0.5f, 0.6f, i / 1000f },
                    },
                    null,
                    CancellationToken.None).AsTask().GetAwaiter().GetResult();
            }
            sink.CompleteAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult();
            sink.DisposeAsync().AsTask().GetAwaiter().GetResult();
            return File.ReadAllBytes(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
