using KeypointMl.Imaging.Files;
using KeypointMl.Imaging.Images;
using KeypointMl.Scoring.Rows;
using KeypointMl.Scoring.Sinks;

namespace KeypointMl.Scoring.Tests;

[TestClass]
public sealed class SinkTests
{
    [TestMethod]
    [DataRow("p.json")]
    [DataRow("p.h5")]
    public async Task What_waits_until_the_end_waits_beside_the_output(string name)
    {
        using var folder = new TemporaryFolder();

        await using (IPredictionSink sink = PredictionFiles.Create(folder[name], TestModels.Skeleton))
        {
            string[] files = Directory.GetFiles(folder.Path);
            Assert.HasCount(2, files);
            Assert.IsTrue(files.All(AtomicFile.IsTemporary), string.Join('\n', files));
        }

        Assert.IsEmpty(Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    public async Task Sink_that_cannot_be_disposed_of_does_not_keep_the_others_from_it()
    {
        var first = new Fragile { Fails = true };
        var second = new Fragile();

        await Assert.ThrowsExactlyAsync<IOException>(() => SinkGroup.DisposeAllAsync([first, second]).AsTask());

        Assert.IsTrue(second.IsDisposed);
    }

    [TestMethod]
    public async Task Stopping_while_outputs_are_completed_completes_them_all()
    {
        using ScoringFolder folder = new ScoringFolder().WithImages(2);
        using var stop = new CancellationTokenSource();
        await using var stopping = new Fragile { Completed = stop.Cancel };

        await (folder.Pipeline("p.parquet") with { Outputs = [folder["p.parquet"], folder["p.json"]] })
            .RunAsync([stopping], monitor: null, stop.Token);

        Assert.IsTrue(File.Exists(folder["p.parquet"]) && File.Exists(folder["p.json"]));
    }

    private sealed class Fragile : IPredictionSink
    {
        public bool Fails { get; init; }

        public Action? Completed { get; init; }

        public bool IsDisposed { get; private set; }

        public ValueTask WriteAsync(PredictionRow row, RgbImage? picture, CancellationToken cancellation) => ValueTask.CompletedTask;

        public ValueTask CompleteAsync(CancellationToken cancellation)
        {
            Completed?.Invoke();
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return Fails ? ValueTask.FromException(new IOException("disk full")) : ValueTask.CompletedTask;
        }
    }
}
