using KeypointMl.Imaging.Images;
using KeypointMl.Inference.Devices;
using KeypointMl.Scoring.Inputs;
using KeypointMl.Scoring.Pipelines;
using KeypointMl.Scoring.Rows;
using KeypointMl.Scoring.Running;

namespace KeypointMl.Scoring.Tests;

/// <summary>A folder with a detector and images whose keypoints are known, and short ways to score them.</summary>
internal sealed class ScoringFolder : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public ScoringFolder()
    {
        File.WriteAllBytes(Model, TestModels.Detector());
        Directory.CreateDirectory(Images);
    }

    public string Root => folder.Path;

    public string Model => this["detector.onnx"];

    public string Images => this["images"];

    public string this[string name] => folder[name];


    public string Write(string name, string text) => folder.Write(name, text);

    /// <summary>Numbered pictures <c>images/frame1.png</c> … of the detector's size.</summary>
    public ScoringFolder WithImages(int count)
    {
        for (int i = 1; i <= count; i++)
            ImageWriter.Write(TestImages.Numbered(i), Path.Combine(Images, $"frame{i}.png"));
        return this;
    }

    /// <summary>The picture <paramref name="name"/>, cut off after 40 bytes.</summary>
    public ScoringFolder WithTruncatedImage(string name)
    {
        File.WriteAllBytes(Path.Combine(Images, name), ImageWriter.EncodePng(TestImages.Numbered(1))[..40]);
        return this;
    }

    public ScorePipeline Pipeline(string output, string? input = null, int step = 1) => new()
    {
        Model = Model,
        Inputs = [new ScoreSource(input ?? Images) { Step = step }],
        Outputs = [this[output]],
        Batch = 3,
        Threads = 1,
        Device = KeypointDevice.Cpu,
    };

    /// <summary>Scores into a sink that keeps the rows.</summary>
    public async Task<(ScoringSummary Summary, IReadOnlyList<PredictionRow> Rows)> ScoreAsync(
        ScorePipeline pipeline, CancellationToken cancellation = default)
    {
        await using var rows = new RowList();
        ScoringSummary summary = await pipeline.RunAsync([rows], monitor: null, cancellation);
        return (summary, rows.Rows);
    }

    public void Dispose() => folder.Dispose();
}
