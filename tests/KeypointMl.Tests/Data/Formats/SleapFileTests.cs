using System.Buffers.Binary;
using System.Numerics;
using System.Text.Json;
using KeypointMl.Data.Formats.DeepLabCut;
using KeypointMl.Data.Formats.Json;
using KeypointMl.Data.Formats.PoseFiles;
using KeypointMl.Data.Formats.Sleap;
using KeypointMl.Data.Formats.Tables;
using KeypointMl.Data.Frames;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Tests.Data;

[TestClass]
public sealed class SleapFileTests
{
    private const string Nodes = """ "nodes":[{"name":"nose"},{"name":"left"},{"name":"right"},{"name":"tail"}] """;
    private const string Ids = """ "nodes":[{"id":0},{"id":1},{"id":2},{"id":3}] """;
    private const string FirstEdge = """ {"source":0,"target":3,"type":{"py/reduce":[{"py/type":"EdgeType"},{"py/tuple":[1]}]}} """;
    private const string FirstPair = """ {"source":1,"target":2,"type":{"py/reduce":[{"py/type":"EdgeType"},{"py/tuple":[2]}]}} """;

    [TestMethod]
    public void Skeleton_wrapped_with_a_description_is_read()
    {
        string graph = $$"""{ {{Ids}},"graph":{"name":"fly"},"links":[{{FirstEdge}}]}""";

        Skeleton skeleton = Read($$"""{"skeletons":[{"nx_graph":{{graph}},"description":"a fly"}],{{Nodes}}}""");

        Assert.AreEqual("fly", skeleton.Name);
        CollectionAssert.AreEqual(new[] { new SkeletonEdge(0, 3) }, skeleton.Edges);
    }

    [TestMethod]
    [DataRow(1, DisplayName = "the number of the first time, as jsonpickle has it")]
    [DataRow(2, DisplayName = "the value, as sleap-io has it")]
    public void Symmetric_pairs_without_edges_are_read(int reference)
    {
        string second = $$"""{"source":0,"target":3,"type":{"py/id":{{reference}} } }""";

        Skeleton skeleton = Read($$"""{"skeletons":[{ {{Ids}},"links":[{{FirstPair}},{{second}}]}],{{Nodes}}}""");

        Assert.IsEmpty(skeleton.Edges);
        CollectionAssert.AreEquivalent(new[] { (1, 2), (0, 3) }, skeleton.SymmetricPairs.Select(pair => (pair.Left, pair.Right)).ToArray());
    }

    [TestMethod]
    public void Edge_type_that_is_nowhere_is_refused()
    {
        string link = """{"source":0,"target":3,"type":{"py/id":3}}""";
        string json = $$"""{"skeletons":[{ {{Ids}},"links":[{{FirstPair}},{{link}}]}],{{Nodes}}}""";

        var error = Assert.ThrowsExactly<InvalidDataException>(() => Read(json));

        Assert.Contains("links[1].type.py/id: refers to no edge type", error.Message);
    }

    [TestMethod]
    public void Sleap_track_without_a_name_is_refused_by_its_file()
    {
        using var folder = new TemporaryFolder();
        byte[] bytes = File.ReadAllBytes(Hdf5Tests.Committed("big-endian.slp"));
        "[]        "u8.CopyTo(bytes.AsSpan(bytes.AsSpan().IndexOf("[0, \"one\"]"u8)));
        File.WriteAllBytes(folder["poses.slp"], bytes);

        string message = Assert.ThrowsExactly<InvalidDataException>(() => PoseFile.Read(folder["poses.slp"])).Message;

        Assert.AreEqual($"{folder["poses.slp"]}: tracks_json[0]: expected the name of a track.", message);
    }

    [TestMethod]
    public void Videos_of_a_package_are_called_by_the_number_of_their_data_set_and_keep_their_sources_names()
    {
        PoseTable table = PoseFile.Read(Hdf5Tests.Committed("embedded.pkg.slp"));

        CollectionAssert.AreEqual(new[] { ("C:/films/source2.mp4", 9L), ("C:/films/source5.mp4", 30L) },
            table.Rows.Select(row => (row.Source, row.Frame)).ToArray());
    }

    [TestMethod]
    public void Embedded_images_are_read_from_the_package()
    {
        using var folder = new TemporaryFolder();
        File.Copy(Hdf5Tests.Committed("embedded.pkg.slp"), folder["labels.pkg.slp"]);
        string manifest = SetFiles.Manifest("""
            reader: { kind: pose-file, root: ., whole_images: true }
            splits: { test: { poses: labels.pkg.slp } }
            """, "nose, tail");

        using LabelledFrames test = SetFiles.Open(folder, manifest).OpenLabelled("test");

        // Frame 9 is the second image of video 2; frame 30 the first of video 5, which OpenCV left with blue first.
        Assert.AreEqual(9, test.Frames.GetId(0).Frame);
        Assert.AreEqual(Box.WholeImage(16, 12), test.Frames.GetId(0).Box);
        CollectionAssert.AreEqual(new byte[] { 20, 80, 100 }, SetFiles.Read(test.Frames, 0)[..3]);
        CollectionAssert.AreEqual(new byte[] { 10, 200, 200 }, SetFiles.Read(test.Frames, 1)[..3]);
    }

    [TestMethod]
    [DataRow(1.2, 100, 20, DisplayName = "written by OpenCV, and no word of it")]
    [DataRow(1.4, 20, 100, DisplayName = "of a format that says where it is not so")]
    public void Images_of_packages_that_do_not_say_their_order_have_blue_first_up_to_format_1_3(double format, int red, int blue)
    {
        using var folder = new TemporaryFolder();
        byte[] bytes = File.ReadAllBytes(Hdf5Tests.Committed("embedded.pkg.slp"));
        while (bytes.AsSpan().IndexOf("channel_order"u8) is >= 0 and int at)
            bytes[at] = (byte)'C';
        BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(bytes.AsSpan().IndexOf("format_id"u8) + 48), format);
        File.WriteAllBytes(folder["labels.pkg.slp"], bytes);
        string manifest = SetFiles.Manifest("""
            reader: { kind: pose-file, root: ., whole_images: true }
            splits: { test: { poses: labels.pkg.slp } }
            """, "nose, tail");

        using LabelledFrames test = SetFiles.Open(folder, manifest).OpenLabelled("test");

        CollectionAssert.AreEqual(new byte[] { (byte)red, 80, (byte)blue }, SetFiles.Read(test.Frames, 0)[..3]);
    }

    [TestMethod]
    public void Animals_without_a_track_have_no_name_but_where_a_file_needs_one()
    {
        using var folder = new TemporaryFolder();
        PoseRow[] rows = [.. new[] { 0, 0, 1 }.Select((frame, i) => new PoseRow("v.mp4", frame, "", [new(i, i)], null, null, "row"))];
        PoseFile.Write(new PoseTable("p", new Skeleton("s", ["nose"], []), rows), folder["p.slp"]);

        PoseTable table = PoseFile.Read(folder["p.slp"]);
        DeepLabCutCsvWriter.Write(table, folder["p.csv"]);

        CollectionAssert.AreEqual(new[] { "", "", "" }, table.Rows.Select(row => row.Item).ToArray());
        CollectionAssert.AreEqual(new[] { "instance 0", "instance 1", "" }, PoseFile.Read(folder["p.csv"]).Rows
            .Select(row => row.Item == "individual" ? "" : row.Item).ToArray());
    }

    [TestMethod]
    [DataRow("analysis.h5")]
    [DataRow("analysis-standard.h5")]
    public void Analysis_files_are_read_in_either_order_of_dimensions(string name)
    {
        PoseTable table = PoseFile.Read(Hdf5Tests.Committed(name));

        Assert.HasCount(2, table.Rows);
        Assert.AreEqual(("films/a.mp4", 0L, "one"), (table.Rows[0].Source, table.Rows[0].Frame, table.Rows[0].Item));
        CollectionAssert.AreEqual(new Vector2[] { new(1, 2), new(3, 4) }, table.Rows[0].Points);
        Assert.AreEqual((2L, "two", new Vector2(5, 6)), (table.Rows[1].Frame, table.Rows[1].Item, table.Rows[1].Points[0]));
        Assert.IsTrue(float.IsNaN(table.Rows[1].Points[1].X));
        Assert.AreEqual(3f / 12, table.Rows[0].Scores![1]);
        CollectionAssert.AreEqual(new[] { new SkeletonEdge(0, 1) }, table.Skeleton.Edges);
    }

    private static Skeleton Read(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return SleapMetadata.ReadSkeleton(new JsonPlace(document.RootElement, "file", "metadata.json"));
    }
}
