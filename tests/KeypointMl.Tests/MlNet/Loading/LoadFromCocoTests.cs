using System.Numerics;
using KeypointMl.Data.Formats.Coco;
using KeypointMl.Imaging.Images;
using KeypointMl.Keypoints;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Rows;
using KeypointMl.Scoring.Rows;
using KeypointMl.Scoring.Sinks;
using KeypointMl.Training.MlNet;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Tests.MlNet;

[TestClass]
public sealed class LoadFromCocoTests
{
    private const string Valid = """
        {
          "categories": [
            { "id": 3, "name": "cat" },
            { "id": 5, "name": "person", "keypoints": ["nose", "left_eye", "right_eye"], "skeleton": [[1, 2], [1, 3]] }
          ],
          "images": [ { "id": 10, "file_name": "a.png", "width": 8, "height": 6 }, { "id": 11, "file_name": "sub/b.png" } ],
          "annotations": [
            { "id": 1, "image_id": 11, "category_id": 5, "bbox": [1, 2, 3.5, 4], "keypoints": [1, 2, 2, 3, 4, 1, 0, 0, 0] },
            { "id": 2, "image_id": 10, "category_id": 3, "bbox": [0, 0, 1, 1] },
            { "id": 4, "image_id": 10, "category_id": 5, "bbox": [0, 0, 8, 6], "keypoints": [5, 5, 2, 6, 4, 2, 4, 4, 2], "iscrowd": 0 }
          ]
        }
        """;

    private readonly MLContext ml = new(seed: 1);

    [TestMethod]
    public void Annotations_are_rows_with_image_box_keypoints_and_visibility()
    {
        using var folder = new TemporaryFolder();
        folder.Write("images/sub/here", "");
        ImageWriter.Write(TestImages.Draw([new(1, 1)], 8, 6), folder["images/a.png"]);
        ImageWriter.Write(TestImages.Draw([new(2, 2)], 9, 7), folder["images/sub/b.png"]);

        IDataView data = ml.Keypoints.LoadFromCoco(folder.Write("coco.json", Valid), folder["images"]);
        Row[] rows = [.. ml.Data.CreateEnumerable<Row>(data, reuseRowObject: false).Select(row =>
        {
            (row.Width, row.Height) = (row.Image!.Width, row.Image.Height);
            return row;
        })];

        Assert.AreEqual(2, data.GetRowCount());
        Assert.AreEqual(
            new Skeleton("person", ["nose", "left_eye", "right_eye"], [new(0, 1), new(0, 2)], [(1, 2)]),
            KeypointAnnotations.Read(data.Schema["Label"]));
        Assert.AreEqual((11L, 1L, 9, 7), (rows[0].ImageId, rows[0].AnnotationId, rows[0].Width, rows[0].Height));
        Assert.AreEqual((10L, 4L, 8, 6), (rows[1].ImageId, rows[1].AnnotationId, rows[1].Width, rows[1].Height));
        Assert.AreEqual(folder["images/sub/b.png"], rows[0].Path);
        CollectionAssert.AreEqual(new[] { 1, 2, 3.5f, 4 }, rows[0].Box);
        CollectionAssert.AreEqual(new[] { 1, 2, 3, 4, float.NaN, float.NaN }, rows[0].Label);
        CollectionAssert.AreEqual(new float[] { 2, 1, 0 }, rows[0].Visibility);
    }

    [TestMethod]
    public void Images_not_asked_for_are_not_decoded()
    {
        using var folder = new TemporaryFolder();
        IDataView data = ml.Keypoints.LoadFromCoco(folder.Write("coco.json", Valid), folder["no-folder"]);

        CollectionAssert.AreEqual(new long[] { 1, 4 }, data.GetColumn<long>("AnnotationId").ToArray());
        Assert.Contains("b.png", Assert.ThrowsExactly<FileNotFoundException>(() => data.Preview()).Message);
    }

    [TestMethod]
    public async Task What_scoring_writes_reads_back()
    {
        using var folder = new TemporaryFolder();
        string path = folder["out.json"];
        Vector2[] points = [new(1.5f, 2.25f), new(3, 4), new(-2, 7)];
        await using (var sink = new CocoSink(path, TestModels.Skeleton))
        {
            await sink.WriteAsync(new PredictionRow
            {
                Source = "a.png",
                Frame = 0,
                Box = new Box(1, 2, 10, 12),
                Keypoints = points,
                Confidence = new float[] { 1, 1, 1 },
                FrameWidth = 20,
                FrameHeight = 16,
            }, null, CancellationToken.None);
            await sink.CompleteAsync(CancellationToken.None);
        }

        CocoKeypoints read = CocoKeypoints.Read(path);

        CollectionAssert.AreEqual(points, read.Annotations.Single().Keypoints);
        Assert.AreEqual(new Box(1, 2, 10, 12), read.Annotations.Single().Box);
        CollectionAssert.AreEqual(TestModels.Skeleton.Keypoints.ToArray(), read.Skeleton.Keypoints.ToArray());
    }

    [TestMethod]
    [DataRow("\"id\": 10,", "\"id\": [10],", "$.images[0].id: expected text or a number")]
    [DataRow("\"id\": 11,", "\"id\": 10,", "$.images[1].id: stands twice")]
    [DataRow("\"file_name\": \"a.png\", ", "", "$.images[0]: has no 'file_name'")]
    [DataRow("\"image_id\": 11", "\"image_id\": 12", "$.annotations[0].image_id: is no image of the file")]
    [DataRow("\"id\": 4", "\"id\": 1", "$.annotations[2].id: stands twice")]
    [DataRow("[1, 2, 2, 3, 4, 1, 0, 0, 0]", "[1, 2, 2, 3, 4, 1]", "$.annotations[0].keypoints: has 6 numbers; expected 9")]
    [DataRow("[1, 2, 2, 3,", "[1, 2, 7, 3,", "annotations[0].keypoints: the visibility of 'nose' is 7; expected 0, 1 or 2")]
    [DataRow("[1, 2, 2, 3,", "[1, null, 2, 3,", "$.annotations[0].keypoints[1]: expected a finite number")]
    [DataRow("[1, 2, 3.5, 4]", "[1, 2, -3, 4]", "$.annotations[0].bbox: expected [x, y, width, height]")]
    [DataRow("[1, 2, 3.5, 4]", "[1, 2, 0, 4]", "$.annotations[0]: has keypoints and no 'bbox' with an area")]
    [DataRow("[[1, 2], [1, 3]]", "[[1, 2], [1, 4]]", "$.categories[1].skeleton[1]: expected two numbers from 1 to 3")]
    [DataRow("\"left_eye\"", "\"nose\"", "categories[1]: Skeleton 'person' names keypoint 'nose' twice")]
    [DataRow("\"keypoints\": [\"nose\"", "\"points\": [\"nose\"",
        "$.categories: no category has keypoints; the categories are 'cat', 'person'")]
    [DataRow("\"images\"", "\"pictures\"", "$: has no 'images'")]
    public void What_is_wrong_is_named(string text, string replacement, string expected)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("coco.json", Valid.Replace(text, replacement));
        var error = Assert.ThrowsExactly<InvalidDataException>(() => ml.Keypoints.LoadFromCoco(path, folder.Path));
        Assert.StartsWith(path, error.Message);
        Assert.Contains(expected, error.Message);
    }

    [TestMethod]
    public void Malformed_json_is_told_by_line_and_byte()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("coco.json", Valid.Replace("\"images\": [", "\"images\": ]"));
        var error = Assert.ThrowsExactly<InvalidDataException>(() => ml.Keypoints.LoadFromCoco(path, folder.Path));
        Assert.Contains("coco.json:6: not well-formed JSON at byte", error.Message);
    }

    [TestMethod]
    public void Two_categories_need_a_choice()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("coco.json", Valid.Replace("\"name\": \"cat\"", "\"name\": \"cat\", \"keypoints\": [\"tail\"]"));

        Assert.Contains("2 categories have keypoints: 'cat', 'person', and not the same ones; name the one to read",
            Assert.ThrowsExactly<InvalidDataException>(() => ml.Keypoints.LoadFromCoco(path, folder.Path)).Message);
        Assert.AreEqual(2, ml.Keypoints.LoadFromCoco(path, folder.Path, new() { Category = "person" }).GetRowCount());
        Assert.Contains("no category 'dog' with keypoints",
            Assert.ThrowsExactly<InvalidDataException>(() => ml.Keypoints.LoadFromCoco(path, folder.Path, new()
            {
                Category = "dog",
            })).Message);
    }

    [TestMethod]
    public void Annotation_with_neither_box_nor_labelled_keypoint_is_left_out()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("coco.json",
            Valid.Replace("[1, 2, 3.5, 4], \"keypoints\": [1, 2, 2, 3, 4, 1, 0, 0, 0]",
                "[1, 2, 3.5, 0], \"keypoints\": [0, 0, 0, 0, 0, 0, 0, 0, 0]"));

        Assert.AreEqual(1, ml.Keypoints.LoadFromCoco(path, folder.Path).GetRowCount());
    }

    private sealed class Row
    {
        [AnyImage]
        public MLImage? Image { get; set; }

        public string Path { get; set; } = "";

        public long ImageId { get; set; }

        public long AnnotationId { get; set; }

        [VectorType(4)]
        public float[] Box { get; set; } = [];

        [VectorType]
        public float[] Label { get; set; } = [];

        [VectorType]
        public float[] Visibility { get; set; } = [];

        [NoColumn]
        public int Width { get; set; }

        [NoColumn]
        public int Height { get; set; }
    }
}
