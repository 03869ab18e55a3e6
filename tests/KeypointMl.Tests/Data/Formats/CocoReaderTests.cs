using System.Numerics;
using KeypointMl.Data.Formats.Coco;
using KeypointMl.Data.Formats.PoseFiles;
using KeypointMl.Data.Formats.Tables;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Tests.Data.Formats;

[TestClass]
public sealed class CocoReaderTests
{
    private const string Bee = """{ "id": 1, "name": "bee", "keypoints": ["head", "wing", "tail"], "skeleton": [[1, 2], [2, 3]] }""";

    private readonly TemporaryFolder folder = new();

    [TestCleanup]
    public void RemoveFolder() => folder.Dispose();

    [TestMethod]
    [DataRow("[9.98, 188.56, 15.52, 0.0]")]
    [DataRow("[5, 5, 0, 0]")]
    [DataRow("[]")]
    [DataRow("null")]
    public void Row_whose_box_has_no_area_has_none_and_the_others_are_read(string box)
    {
        CocoKeypoints read =
            Read(Bee, Annotation(1, 1, [1, 2, 2, 3, 4, 1, 0, 0, 0], "[1, 2, 3, 4]"),
                Annotation(2, 1, [0, 0, 0, 0, 0, 0, 0, 0, 0], box), Annotation(3, 1, [7, 8, 2, 0, 0, 0, 0, 0, 0], box));

        CollectionAssert.AreEqual(
            new Box?[] { new Box(1, 2, 3, 4), null, null }, read.Annotations.Select(annotation => annotation.Box).ToArray());
        Assert.IsTrue(read.Annotations[1].Keypoints.All(point => float.IsNaN(point.X)));
        Assert.AreEqual(new Vector2(7, 8), read.Annotations[2].Keypoints[0]);
    }

    [TestMethod]
    public void Categories_with_the_same_keypoints_are_read_together()
    {
        string wasp = """{ "id": 7, "name": "wasp", "keypoints": ["head", "wing", "tail"], "skeleton": [[3, 2], [1, 3]] }""";

        CocoKeypoints read =
            Read($"{Bee}, {wasp}", Annotation(1, 7, [1, 1, 2, 2, 2, 2, 3, 3, 2]), Annotation(2, 1, [4, 4, 2, 5, 5, 2, 6, 6, 2]));

        CollectionAssert.AreEqual(new[] { "wasp", "bee" }, read.Annotations.Select(annotation => annotation.Category).ToArray());
        Assert.AreEqual(new Skeleton("coco", ["head", "wing", "tail"], [new(0, 1), new(1, 2), new(0, 2)], []), read.Skeleton);
    }

    [TestMethod]
    [DataRow("wasp")]
    [DataRow("7")]
    public void Category_is_chosen_by_name_or_id(string wanted)
    {
        string path = Write($$"""{{Bee}}, { "id": 7, "name": "wasp", "keypoints": ["sting"] }""", Annotation(1, 7, [1, 1, 2]),
            Annotation(2, 1, [4, 4, 2, 5, 5, 2, 6, 6, 2]));

        PoseTable read = PoseFile.Read(path, wanted);

        Assert.AreEqual(1, read.Rows.Count);
        CollectionAssert.AreEqual(new[] { "sting" }, read.Skeleton.Keypoints);
    }

    [TestMethod]
    public void Categories_with_other_keypoints_need_a_choice()
    {
        string path = Write($$"""{{Bee}}, { "id": 7, "name": "wasp", "keypoints": ["head", "tail", "wing"] }""");

        string message = Assert.ThrowsExactly<InvalidDataException>(() => PoseFile.Read(path)).Message;

        Assert.Contains("$.categories: 2 categories have keypoints: 'bee', 'wasp', and not the same ones; "
            + "name the one to read, in 'data convert' with --category NAME", message);
        Assert.Contains("no category 'ant' with keypoints; the categories are 'bee', 'wasp'",
            Assert.ThrowsExactly<InvalidDataException>(() => PoseFile.Read(path, "ant")).Message);
    }

    [TestMethod]
    [DataRow("""{ "id": 2, "name": "flower", "keypoints": [] }""")]
    [DataRow("""{ "id": 2, "name": "flower", "keypoints": null }""")]
    [DataRow("""{ "id": 2, "name": "flower" }""")]
    public void Category_without_keypoints_is_passed_over(string flower)
    {
        CocoKeypoints read =
            Read($"{flower}, {Bee}", """{ "id": 1, "image_id": 1, "category_id": 2, "keypoints": [], "bbox": [1, 2, 3, 4] }""",
                Annotation(2, 1, [4, 4, 2, 5, 5, 2, 6, 6, 2]));

        Assert.AreEqual("bee", read.Annotations.Single().Category);
    }

    [TestMethod]
    public void Category_of_a_file_of_another_kind_is_refused()
    {
        string path = folder.Write("poses.csv", "a_x,a_y\n1,2\n");

        Assert.Contains("only COCO keypoints .json has categories",
            Assert.ThrowsExactly<InvalidDataException>(() => PoseFile.Read(path, "bee")).Message);
    }

    [TestMethod]
    [DataRow("[[0, 1], [1, 2]]")]
    [DataRow("[[1, 2], [2, 3]]")]
    public void Edges_count_from_0_where_one_is_0(string edges) =>
        CollectionAssert.AreEqual(
            new[] { new SkeletonEdge(0, 1), new SkeletonEdge(1, 2) }, Read(Bee.Replace("[[1, 2], [2, 3]]", edges)).Skeleton.Edges);

    [TestMethod]
    public void Edges_that_count_from_0_and_from_1_are_refused()
    {
        var error = Assert.ThrowsExactly<InvalidDataException>(() => Read(Bee.Replace("[[1, 2], [2, 3]]", "[[0, 1], [2, 3]]")));

        Assert.Contains("$.categories[0].skeleton[1]: expected two numbers from 0 to 2 (a 0 in the list says that it counts from 0)",
            error.Message);
    }

    [TestMethod]
    public void Names_of_images_get_forward_slashes() =>
        Assert.AreEqual("C:/films/bee 1.png", Read(Bee, Annotation(1, 1, [4, 4, 2, 5, 5, 2, 6, 6, 2])).ToTable().Rows.Single().Source);

    [TestMethod]
    [DataRow("NaN", "NaN stands there, which JSON does not have")]
    [DataRow("Infinity", "Infinity stands there")]
    [DataRow("-Infinity", "-Infinity stands there")]
    [DataRow("nan", "nan stands there")]
    public void Number_that_json_does_not_have_is_named(string number, string expected)
    {
        string path = folder.Write(
            "coco.json", $"{{\"categories\": [{Bee}],\n\"images\": [],\n\"annotations\": [{{\"keypoints\": [1, {number}, 2]}}]}}");

        string message = Assert.ThrowsExactly<InvalidDataException>(() => PoseFile.Read(path)).Message;

        Assert.Contains("coco.json:3: not well-formed JSON at byte", message);
        Assert.Contains(expected, message);
    }

    [TestMethod]
    public void Coordinates_of_what_is_not_labelled_may_be_null()
    {
        string path = Write(Bee, """{ "id": 1, "image_id": 1.0, "category_id": 1, "keypoints": [1, 2, 2, null, null, 0, 0, 0, 0] }""");

        Assert.IsTrue(float.IsNaN(PoseFile.Read(path).Rows.Single().Points[1].X));
    }

    [TestMethod]
    [DataRow("\"\\ud800\": 1", "coco.json:2: the text \"\\ud800\" is no valid Unicode")]
    [DataRow("\"note\": \"x\\udc00\"", "coco.json:2: the text \"x\\udc00\" is no valid Unicode")]
    [DataRow("\"note\": {\"a\": 1, \"b\": [{\"a\": 2}], \"a\": 3}", "coco.json:2: the key 'a' stands twice in one object")]
    public void Text_that_cannot_be_read_is_refused_by_its_line(string pair, string expected)
    {
        string path = folder.Write("coco.json", $"{{\"categories\": [{Bee}],\n{pair},\n\"images\": [], \"annotations\": []}}");

        Assert.Contains(expected, Assert.ThrowsExactly<InvalidDataException>(() => PoseFile.Read(path)).Message);
    }

    [TestMethod]
    public void Other_encodings_and_deep_nesting_are_refused()
    {
        string utf16 = folder["utf16.json"], deep = folder.Write("deep.json", new string('[', 100_000));
        File.WriteAllText(utf16, "{}", System.Text.Encoding.Unicode);

        Assert.Contains("utf16.json: not JSON: the text is not UTF-8",
            Assert.ThrowsExactly<InvalidDataException>(() => PoseFile.Read(utf16)).Message);
        Assert.Contains("maximum configured depth of 64", Assert.ThrowsExactly<InvalidDataException>(() => PoseFile.Read(deep)).Message);
    }

    [TestMethod]
    [DataRow("1")]
    [DataRow("true")]
    public void Crowds_are_left_out(string crowd)
    {
        CocoKeypoints read = Read(Bee, Annotation(1, 1, [4, 4, 2, 5, 5, 2, 6, 6, 2]).Replace("{", $"{{ \"iscrowd\": {crowd},"),
            Annotation(2, 1, [7, 7, 2, 8, 8, 2, 9, 9, 2]).Replace("{", "{ \"iscrowd\": 0,"));

        Assert.AreEqual(2, read.Annotations.Single().Id);
    }

    [TestMethod]
    [DataRow("\"track_id\": 7", "7")]
    [DataRow("\"track_id\": \"left fly\"", "left fly")]
    [DataRow("\"track_id\": -1", "")]
    [DataRow("\"attributes\": { \"occluded\": false, \"track_id\": 3 }", "3", DisplayName = "CVAT")]
    [DataRow("\"attributes\": { \"object_id\": 4 }", "4", DisplayName = "sleap-io")]
    [DataRow("\"attributes\": []", "")]
    public void Tracks_are_read_where_tools_write_them(string keys, string expected)
    {
        string annotation = $"{{ {keys}, {Annotation(1, 1, [4, 4, 2, 5, 5, 2, 6, 6, 2])[1..]}";

        Assert.AreEqual(expected, Read(Bee, annotation).Annotations.Single().Item);
    }

    [TestMethod]
    public void Ids_may_be_texts()
    {
        string path = folder.Write("coco.json", """
            { "categories": [{ "id": "bee", "name": "bee", "keypoints": ["a"] }], "images": [{ "id": "x1", "file_name": "1.png" }, { "id": 5, "file_name": "2.png" }],
              "annotations": [{ "id": "first", "image_id": "x1", "category_id": "bee", "keypoints": [1, 2, 2] },
                              { "id": -3, "image_id": "5", "category_id": "bee", "keypoints": [3, 4, 2] }] }
            """);

        CocoKeypoints read = CocoKeypoints.Read(path);

        CollectionAssert.AreEqual(new[] { (0L, 0L, "1.png"), (-3L, 5L, "2.png") },
            read.Annotations.Select(annotation => (annotation.Id, annotation.ImageId, annotation.FileName)).ToArray());
    }

    [TestMethod]
    public void Results_without_names_are_refused_by_their_format()
    {
        string path = folder.Write("results.json", """[{ "image_id": 1, "category_id": 1, "keypoints": [1, 2, 2], "score": 0.5 }]""");

        Assert.Contains("$: is a list, as COCO's format of results is, which names neither keypoints nor images",
            Assert.ThrowsExactly<InvalidDataException>(() => PoseFile.Read(path)).Message);
    }

    private static string Annotation(int id, int category, float[] keypoints, string box = "[1, 2, 3, 4]") =>
        $$"""{ "id": {{id}}, "image_id": 1, "category_id": {{category}}, "keypoints": [{{string.Join(", ", keypoints)}}], "bbox": {{box}} }""";

    private string Write(string categories, params string[] annotations) => folder.Write(
        "coco.json", $$"""{ "categories": [{{categories}}], "images": [{ "id": 1, "file_name": "C:\\films\\bee 1.png" }], "annotations": [{{string.Join(", ", annotations)}}] }""");

    private CocoKeypoints Read(string categories, params string[] annotations) => CocoKeypoints.Read(Write(categories, annotations));
}
