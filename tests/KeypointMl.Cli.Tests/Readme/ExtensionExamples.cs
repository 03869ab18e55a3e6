using System.Globalization;
using System.Numerics;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Manifests;
using KeypointMl.Imaging.Images;
using KeypointMl.Poses.Metrics;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Scoring.Rows;
using KeypointMl.Scoring.Sinks;

namespace KeypointMl.Cli.Tests.Readme;

/// <summary>The code of docs/extension.md, compiled and run.</summary>
[TestClass]
public sealed class ExtensionExamples
{
    [TestMethod]
    public void Manifest_names_a_reader_of_another_assembly()
    {
        using var folder = new TemporaryFolder();
        ImageWriter.Write(new RgbImage(20, 10), folder["a.png"]);
        File.WriteAllText(folder["clicks.txt"], "a.png 1 2 11 5\n");
        File.WriteAllText(folder["prior.csv"], "frame,head_x,head_y,tail_x,tail_y\na,1,2,3,4\n");
        File.WriteAllText(folder["clicks.yaml"], """
            name: clicks
            description: Two points on each image.
            terms: ours
            obtain: click
            reader: { kind: clicks, file: clicks.txt }
            prior: { poses: prior.csv, width: 40, height: 20 }
            skeleton: { name: two, keypoints: [head, tail], edges: [[head, tail]] }
            metrics: { description: as they are }
            """);

        // begin register
        DatasetReaders.Register("clicks", (reader, splits) =>
        {
            string file = reader.Required("file").AsString();
            reader.RejectUnknownKeys();
            return new ClicksReader(file);
        });
        // end register

        var options = new DatasetOptions { DataRoot = folder.Path, Width = 40, Height = 20 };
        using LabelledFrames test = DataManifest.Load(folder["clicks.yaml"]).Open(options).OpenLabelled("test");
        Assert.AreEqual(new Vector2(2.5f, 4.5f), test.Poses[0][0]);
        Assert.ThrowsExactly<ArgumentException>(() => DatasetReaders.Register("clicks", (_, _) => new ClicksReader("")));
        File.WriteAllText(folder["typo.yaml"], File.ReadAllText(folder["clicks.yaml"]).Replace("file:", "fiel:", StringComparison.Ordinal));
        Assert.ThrowsExactly<InvalidDataException>(() => DataManifest.Load(folder["typo.yaml"]));
    }

    [TestMethod]
    public async Task Sink_receives_every_row()
    {
        var count = new CountingSink();
        await count.WriteAsync(new PredictionRow { Source = "a.png", Frame = 0, Item = "" }, null, CancellationToken.None);
        Assert.AreEqual(1, count.Rows);
        Assert.IsFalse(count.NeedsPictures);
    }

    // begin reader
    /// <summary>Reads lines "image x y x y": two points clicked on each image.</summary>
    private sealed class ClicksReader(string file) : FileDatasetReader
    {
        public override IEnumerable<string> Splits => ["train", "test"];

        public override IEnumerable<string> LabelledSplits => ["test"];

        public override IFrameSet OpenFrames(string split, string dataRoot, DatasetOptions options)
        {
            ImageFile[] images = [.. Lines(dataRoot).Select(line => new ImageFile(Path.Combine(dataRoot, line[0]), line[0]))];
            return new ImageFrameSet(images, [new Clip("all", 0, images.Length)], options.Width, options.Height, options.MemoryBytes);
        }

        public override LabelledFrames OpenLabelled(
            string split, Skeleton skeleton, MetricProtocol protocol, string dataRoot, DatasetOptions options)
        {
            IFrameSet frames = OpenFrames(split, dataRoot, options);
            Vector2[][] poses = [.. Lines(dataRoot).Select((line, i) => Points(line, frames.GetId(i), options))];
            return new LabelledFrames(skeleton, frames, poses, protocol);
        }

        // Labels are in pixels of the image; what is trained on is its box, resized.
        private static Vector2[] Points(string[] line, FrameId id, DatasetOptions options) =>
        [
            .. line.Skip(1).Select(number => float.Parse(number, CultureInfo.InvariantCulture)).Chunk(2)
                .Select(point => id.Box.ToCrop(new Vector2(point[0], point[1]), options.Width, options.Height)),
        ];

        private IEnumerable<string[]> Lines(string dataRoot) =>
            File.ReadLines(Path.Combine(dataRoot, file)).Select(line => line.Split(' '));
    }
    // end reader

    // begin sink
    /// <summary>Counts what is scored.</summary>
    private sealed class CountingSink : IPredictionSink
    {
        public long Rows { get; private set; }

        public bool NeedsPictures => false;

        public ValueTask WriteAsync(PredictionRow row, RgbImage? picture, CancellationToken cancellation)
        {
            Rows++;
            return ValueTask.CompletedTask;
        }

        public ValueTask CompleteAsync(CancellationToken cancellation) => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
    // end sink
}
