using System.Globalization;
using System.Text.Json;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Scoring.Running;
using KeypointMl.Scoring.Sinks;
using Parquet;
using Parquet.Schema;

namespace KeypointMl.Scoring.Tests;

/// <summary>Two good images around a truncated one, into each format, read back.</summary>
[TestClass]
public sealed class PredictionFileTests
{
    private static readonly string[] Columns =
    [
        "source", "frame", "item", "box.x", "box.y", "box.width", "box.height", "status", "error",
        "red.x", "red.y", "red.confidence", "green.x", "green.y", "green.confidence", "blue.x", "blue.y", "blue.confidence",
    ];

    [TestMethod]
    public async Task Parquet_has_the_columns_and_nulls_where_a_row_failed()
    {
        using ScoringFolder folder = await ScoredAsync("p.parquet");
        using FileStream stream = File.OpenRead(folder["p.parquet"]);
        await using ParquetReader reader = await ParquetReader.CreateAsync(stream);
        DataField[] fields = reader.Schema.GetDataFields();
        using ParquetRowGroupReader group = reader.OpenRowGroupReader(0);

        CollectionAssert.AreEqual(Columns, fields.Select(field => field.Name).ToArray());
        Assert.AreEqual(3, group.RowCount);
        CollectionAssert.AreEqual(new[] { "cut.png", "frame1.png", "frame2.png" }, await TextAsync("source"));
        CollectionAssert.AreEqual(new[] { "failed", "ok", "ok" }, await TextAsync("status"));
        string?[] errors = await TextAsync("error");
        Assert.Contains("cut.png", errors[0]!);
        Assert.IsNull(errors[1]);
        var frames = new long[3];
        await group.ReadAsync<long>(fields[1], frames);
        CollectionAssert.AreEqual(new long[3], frames);
        CollectionAssert.AreEqual(new float?[] { null, TestModels.Width, TestModels.Width }, await NumbersAsync("box.width"));
        float?[] x = await NumbersAsync("blue.x");
        Assert.IsNull(x[0]);
        Assert.AreEqual(TestImages.Dots(1)[2].X, x[1]!.Value, 1e-3f); // the detector's last division rounds
        Assert.AreEqual(TestImages.Dots(2)[2].X, x[2]!.Value, 1e-3f);
        Assert.AreEqual(1f / (TestModels.Width * TestModels.Height), (await NumbersAsync("red.confidence"))[1]!.Value, 1e-6f);

        async Task<string?[]> TextAsync(string name)
        {
            var values = new string?[3];
            await group.ReadAsync(Field(name), values!);
            return values;
        }

        async Task<float?[]> NumbersAsync(string name)
        {
            var values = new float?[3];
            await group.ReadAsync<float>(Field(name), values);
            return values;
        }

        DataField Field(string name) => fields.Single(field => field.Name == name);
    }

    [TestMethod]
    public async Task Csv_has_the_same_columns_and_empty_values_where_a_row_failed()
    {
        using ScoringFolder folder = await ScoredAsync("p.csv");

        string[] lines = File.ReadAllLines(folder["p.csv"]);

        Assert.HasCount(4, lines);
        Assert.AreEqual(string.Join(',', Columns), lines[0]);
        Assert.StartsWith("cut.png,0,,,,,,failed,", lines[1]);
        Assert.EndsWith(",,,,,,,,,", lines[1]);
        string[] cells = lines[2].Split(',');
        CollectionAssert.AreEqual(new[] { "frame1.png", "0", "", "0", "0", "20", "16", "ok", "" }, cells[..9]);
        Assert.AreEqual(TestImages.Dots(1)[1].Y,
            float.Parse(cells[Array.IndexOf(Columns, "green.y")], CultureInfo.InvariantCulture), 1e-3f);
    }

    [TestMethod]
    public async Task Json_lines_have_an_object_a_row_and_null_where_it_failed()
    {
        using ScoringFolder folder = await ScoredAsync("p.jsonl");

        JsonElement[] rows = [.. File.ReadLines(folder["p.jsonl"]).Select(line => JsonDocument.Parse(line).RootElement)];

        Assert.HasCount(3, rows);
        Assert.AreEqual("failed", rows[0].GetProperty("status").GetString());
        Assert.AreEqual(JsonValueKind.Null, rows[0].GetProperty("keypoints").ValueKind);
        Assert.AreEqual(JsonValueKind.Null, rows[0].GetProperty("box").ValueKind);
        Assert.AreEqual(JsonValueKind.Null, rows[1].GetProperty("error").ValueKind);
        Assert.AreEqual(16, rows[1].GetProperty("box").GetProperty("height").GetSingle());
        Assert.AreEqual(TestImages.Dots(2)[0].X, rows[2].GetProperty("keypoints").GetProperty("red").GetProperty("x").GetSingle(), 1e-3f);
    }

    [TestMethod]
    public async Task Coco_has_every_image_and_an_annotation_for_each_pose()
    {
        using ScoringFolder folder = await ScoredAsync("p.json");

        JsonElement coco = JsonDocument.Parse(File.ReadAllText(folder["p.json"])).RootElement;

        JsonElement category = coco.GetProperty("categories")[0];
        Assert.AreEqual("colours", category.GetProperty("name").GetString());
        Assert.AreEqual("[[1,2]]", category.GetProperty("skeleton").GetRawText());
        JsonElement images = coco.GetProperty("images");
        Assert.AreEqual(3, images.GetArrayLength());
        Assert.Contains("cut.png", images[0].GetProperty("error").GetString()!);
        Assert.AreEqual(("frame1.png", 20, 16),
            (images[1].GetProperty("file_name").GetString(), images[1].GetProperty("width").GetInt32(),
                images[1].GetProperty("height").GetInt32()));
        JsonElement annotations = coco.GetProperty("annotations");
        Assert.AreEqual(2, annotations.GetArrayLength());
        Assert.AreEqual(images[2].GetProperty("id").GetInt64(), annotations[1].GetProperty("image_id").GetInt64());
        Assert.AreEqual("[0,0,20,16]", annotations[1].GetProperty("bbox").GetRawText());
        float[] numbers = [.. annotations[1].GetProperty("keypoints").EnumerateArray().Select(number => number.GetSingle())];
        Assert.HasCount(9, numbers);
        Assert.AreEqual(TestImages.Dots(2)[1].X, numbers[3], 1e-3f);
        Assert.AreEqual(2, numbers[5]);
    }

    [TestMethod]
    public async Task Nothing_temporary_remains_beside_the_file()
    {
        using ScoringFolder folder = await ScoredAsync("out/p.parquet");

        Assert.HasCount(1, Directory.GetFiles(folder["out"]));
    }

    [TestMethod]
    [DataRow(3, 5000)]
    [DataRow(2000, 1675)]
    public void Row_group_has_no_more_values_than_are_read(int keypoints, int rows)
    {
        var skeleton = new Skeleton("body", [.. Enumerable.Range(0, keypoints).Select(k => $"k{k}")], []);

        var group = new PredictionRowGroup(new PredictionColumns(skeleton, normalized: true), frameSizes: true);

        Assert.AreEqual(rows, group.Capacity);
        Assert.IsLessThanOrEqualTo(PredictionRowGroup.MaxValues, group.Capacity * group.Schema.Fields.Count);
    }

    private static async Task<ScoringFolder> ScoredAsync(string output)
    {
        ScoringFolder folder = new ScoringFolder().WithImages(2).WithTruncatedImage("cut.png");
        ScoringSummary summary = await folder.Pipeline(output).RunAsync([]);
        Assert.AreEqual((2L, 1L), (summary.Ok, summary.Failed));
        return folder;
    }
}
