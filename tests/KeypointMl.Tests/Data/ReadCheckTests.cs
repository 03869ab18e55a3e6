using KeypointMl.Data.Frames;
using KeypointMl.Data.Manifests;

namespace KeypointMl.Tests.Data;

[TestClass]
public sealed class ReadCheckTests
{
    private const string Poses = "source,frame,a_x,a_y,b_x,b_y\nv.mp4,0,1,1,9,9\nv.mp4,1,1,1,9,9\nv.mp4,2,1,1,9,9\n";

    [TestMethod]
    public void Damaged_video_is_named_once_with_the_number_of_its_frames()
    {
        RealData.RequireFfmpeg();
        using var folder = new TemporaryFolder();
        folder.Write("p.csv", Poses);
        folder.Write("v.mp4", "no video");
        folder.Write("prior.csv", "id,x0,y0,x1,y1\n0,1,1,9,9\n");

        ReadPart frames = Run(folder, "train: { poses: p.csv }", "{ poses: prior.csv, width: 20, height: 20 }")[0];

        Assert.AreEqual(("unlabelled frames", 0L, 3L), (frames.Name, frames.Records, frames.Failed));
        Assert.EndsWith("(3 records)", frames.Problems.Single());
    }

    [TestMethod]
    public void Prior_whose_images_are_not_there_is_read_as_poses()
    {
        using var folder = new TemporaryFolder();
        folder.Write("p.csv", Poses);

        IReadOnlyList<ReadPart> parts = Run(folder, "prior: { poses: p.csv }", "{ split: prior }");

        CollectionAssert.AreEqual(
            new[] { ("prior poses", 3L), ("labels of split 'prior', none of whose images is there", 3L) },
            parts.Select(part => (part.Name, part.Records)).ToArray());
        Assert.IsTrue(parts.All(part => part.Problems.Count == 0));
    }

    [TestMethod]
    public void Images_of_a_prior_that_are_there_are_read_and_those_of_a_test_split_must_be()
    {
        using var folder = new TemporaryFolder();
        folder.Write("p.csv", "source,a_x,a_y,b_x,b_y\n1.png,1,1,9,9\n2.png,1,1,9,9\n");
        SetFiles.Image(folder, "1.png", 20, 20, 5);
        folder.Write("other.csv", "source,a_x,a_y,b_x,b_y\n3.png,1,1,9,9\n");

        IReadOnlyList<ReadPart> parts = Run(folder, "prior: { poses: p.csv }, test: { poses: other.csv }", "{ split: prior }");

        CollectionAssert.AreEqual(new[] { 0L, 1L, 1L }, parts.Select(part => part.Failed).ToArray());
        Assert.Contains("2.png", parts[1].Problems.Single());
        Assert.Contains("3.png", parts[2].Problems.Single());
    }

    [TestMethod]
    public void Data_set_without_splits_is_its_prior()
    {
        using var folder = new TemporaryFolder();
        folder.Write("prior.csv", "id,x0,y0,x1,y1\n0,1,1,9,9\n");

        ReadPart part = Run(folder, SetFiles.Manifest("reader: { kind: prior-only }", "a, b")).Single();

        Assert.AreEqual(("prior poses", 1L, 0L), (part.Name, part.Records, part.Failed));
    }

    [TestMethod]
    public void Frames_that_cannot_be_read_do_not_keep_it_from_stopping()
    {
        using var folder = new TemporaryFolder();
        folder.Write("p.csv", "source,a_x,a_y,b_x,b_y\n1.png,1,1,9,9\n2.png,1,1,9,9\n");
        folder.Write("prior.csv", "id,x0,y0,x1,y1\n0,1,1,9,9\n");
        var data = DataManifest.Load(folder.Write("m.yaml",
            SetFiles.Manifest("reader: { kind: pose-file, root: . }\nsplits: { train: { poses: p.csv } }", "a, b")));
        IDataset dataset = data.Open(new DatasetOptions { DataRoot = folder.Path, Width = 16, Height = 16 });

        Assert.ThrowsExactly<OperationCanceledException>(() => ReadCheck.Run(data, dataset, new CancellationToken(canceled: true)).First());
    }

    private static IReadOnlyList<ReadPart> Run(TemporaryFolder folder, string splits, string prior) =>
        Run(folder, SetFiles.Manifest($"reader: {{ kind: pose-file, root: . }}\nsplits: {{ {splits} }}", "a, b", prior));

    private static IReadOnlyList<ReadPart> Run(TemporaryFolder folder, string manifest)
    {
        var data = DataManifest.Load(folder.Write("m.yaml", manifest));
        var options = new DatasetOptions { DataRoot = folder.Path, Width = 16, Height = 16, Streaming = true, MemoryBytes = 0 };
        return [.. ReadCheck.Run(data, data.Open(options))];
    }
}
