using KeypointMl.Data.Formats.Mat;

namespace KeypointMl.Tests.Data;

[TestClass]
public sealed class MatFileTests
{
    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Version_5_gives_every_kind_of_value(bool compressed)
    {
        using var folder = new TemporaryFolder();
        string path = folder["all.mat"];
        File.WriteAllBytes(path, MatWriter.File(compressed, MatSamples.Variables));

        AssertVariables(MatFile.Read(path), path);
    }

    [TestMethod]
    public void Version_7_3_gives_every_kind_of_value()
    {
        using var folder = new TemporaryFolder();
        string path = MatSamples.WriteVersion73(folder);

        AssertVariables(MatFile.Read(path), path);
    }

    [TestMethod]
    public void Variables_not_asked_for_are_left_out()
    {
        using var folder = new TemporaryFolder();
        string path = folder["all.mat"];
        File.WriteAllBytes(path, MatWriter.File(true, MatSamples.Variables));

        MatFile file = MatFile.Read(path, only: new HashSet<string> { "action", "info" });

        CollectionAssert.AreEqual(new[] { "action", "info" }, file.Names.ToArray());
    }

    private static void AssertVariables(MatFile file, string path)
    {
        CollectionAssert.AreEqual(new[] { 3, 2 }, file["keypoints_2d"].Dimensions.ToArray());
        CollectionAssert.AreEqual(new[] { 1.5, -3, 5, 2, 4, 6.25 }, file["keypoints_2d"].AsNumeric().ToDoubles());
        CollectionAssert.AreEqual(new[] { 0.5f, 1 }, file["single"].AsNumeric().ToSingles());
        CollectionAssert.AreEqual(new[] { -7.0, 300 }, file["whole"].AsNumeric().ToDoubles());
        CollectionAssert.AreEqual(new[] { 0.0, 1, 1, 0 }, file["mask"].AsNumeric().ToDoubles());
        Assert.AreEqual("jump ä", file["action"].AsText());
        Assert.AreEqual(0, file["empty"].Count);
        IReadOnlyList<MatValue> cameras = file["cameras"].AsCell().Items;
        Assert.AreEqual(6.25, cameras[0].AsNumeric().ToDoubles()[5]);
        Assert.AreEqual("second", cameras[1].AsText());
        Assert.AreEqual(3, cameras[2].AsCell().Items[0].AsNumeric().Scalar());
        Assert.AreEqual($"{path}: cameras{{3}}{{1}}", cameras[2].AsCell().Items[0].Where);
        Assert.AreEqual("S1", file["info"].AsStruct().Get("name").AsText());
        CollectionAssert.AreEqual(new[] { 640.0, 480 }, file["info"].AsStruct().Get("size").AsNumeric().ToDoubles());
    }
}
