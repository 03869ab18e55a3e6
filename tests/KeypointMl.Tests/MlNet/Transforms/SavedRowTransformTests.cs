using System.IO.Compression;
using System.Text;
using KeypointMl.Drawing;
using KeypointMl.Imaging.Images;
using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Tests.MlNet;

/// <summary>Saved models of each transform of one row, of this version, of the first and of a newer one.</summary>
[TestClass]
public sealed class SavedRowTransformTests
{
    private readonly MLContext ml = new(seed: 1);

    [TestMethod]
    [DynamicData(nameof(RowTransforms.All), typeof(RowTransforms))]
    public void Saved_model_loads_in_another_context_and_does_the_same(string name)
    {
        using var folder = new TemporaryFolder();
        IDataView data = Pictures.Rows(ml, 3);
        ITransformer transformer = RowTransforms.Fit(ml, name, data);
        ml.Model.Save(transformer, data.Schema, folder["model.zip"]);

        ITransformer loaded = new MLContext().UseKeypointMl().Model.Load(folder["model.zip"], out _);

        Assert.IsInstanceOfType(loaded, transformer.GetType());
        AssertSame(name, transformer.Transform(data), loaded.Transform(data));
    }

    [TestMethod]
    [DynamicData(nameof(RowTransforms.All), typeof(RowTransforms))]
    public void Model_of_format_version_1_still_loads_and_does_the_same(string name)
    {
        IDataView data = Pictures.Rows(ml, 3);
        string fixture = Path.Combine(RepositoryFiles.Root, "tests", "KeypointMl.Tests", "MlNet", "Fixtures", $"{name}-v1.zip");

        ITransformer loaded = new MLContext().UseKeypointMl().Model.Load(fixture, out _);

        AssertSame(name, RowTransforms.Fit(ml, name, data).Transform(data), loaded.Transform(data));
    }

    [TestMethod]
    [DynamicData(nameof(RowTransforms.All), typeof(RowTransforms))]
    public void Model_of_format_version_1_is_saved_again_with_the_same_bytes(string name)
    {
        using var folder = new TemporaryFolder();
        string fixture = Path.Combine(RepositoryFiles.Root, "tests", "KeypointMl.Tests", "MlNet", "Fixtures", $"{name}-v1.zip");
        ITransformer loaded = new MLContext().UseKeypointMl().Model.Load(fixture, out DataViewSchema schema);

        ml.Model.Save(loaded, schema, folder["again.zip"]);

        Dictionary<string, byte[]> before = SavedParts(fixture), after = SavedParts(folder["again.zip"]);
        CollectionAssert.AreEquivalent(before.Keys, after.Keys);
        foreach ((string part, byte[] bytes) in before)
            CollectionAssert.AreEqual(bytes, after[part], part);
    }

    [TestMethod]
    [DynamicData(nameof(RowTransforms.All), typeof(RowTransforms))]
    public void Model_of_a_newer_format_is_refused_with_advice(string name)
    {
        using var folder = new TemporaryFolder();
        IDataView data = Pictures.Rows(ml, 1);
        ml.Model.Save(RowTransforms.Fit(ml, name, data), data.Schema, folder["model.zip"]);
        Rewrite(folder["model.zip"], (bytes, start) => BitConverter.TryWriteBytes(bytes.AsSpan(start), 2));

        StringAssert.Contains(LoadFailure(folder["model.zip"]),
            $"The saved {name} transform has format version 2; this KeypointMl reads version 1. Update KeypointMl.");
    }

    [TestMethod]
    [DataRow("DrawKeypoints", "\"line_width\":1.5", "\"line_width\":-15", "LineWidth is -15")]
    [DataRow("RenderSkeleton", "\"width\":25", "\"width\":-5", "View is")]
    [DataRow("NormalizePose", "\"upright_to\":\"blue\"", "\"upright_to\":\"pink\"", "pink")]
    [DataRow("GenerateImage", "\"keypoints_column\":\"Keypoints\"", "\"keypoints_column\":\"\"         ", "KeypointsColumn")]
    [DataRow("TransferAppearance", "\"pose_column\":\"Image\"", "\"pose_column\":\"\"     ", "PoseColumn")]
    public void Settings_that_no_estimator_would_take_are_damage(string name, string written, string damaged, string expected)
    {
        using var folder = new TemporaryFolder();
        IDataView data = Pictures.Rows(ml, 1);
        ml.Model.Save(RowTransforms.Fit(ml, name, data), data.Schema, folder["model.zip"]);
        Rewrite(folder["model.zip"], (bytes, _) =>
        {
            int at = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(written));
            Assert.IsGreaterThan(0, at);
            Encoding.UTF8.GetBytes(damaged).CopyTo(bytes, at);
        });

        string failure = LoadFailure(folder["model.zip"]);

        Assert.Contains($"The settings of a saved {name} transform are damaged", failure);
        Assert.Contains(expected, failure);
    }

    [TestMethod]
    [DataRow("""{"output_column":"a","image_column":"b","keypoints_column":"c"}""")]
    [DataRow("""{"output_column":"a","image_column":"b","keypoints_column":"c","options":null}""")]
    [DataRow("""{"output_column":"a","image_column":"b","keypoints_column":"c","options":{"style":null}}""")]
    public void Settings_without_what_they_need_are_damage(string json)
    {
        var saved = new SavedTransform("DrawKeypoints", "KPMLDRAW", "KeypointMlDraw");

        Assert.Contains("are damaged",
            Assert.ThrowsExactly<InvalidDataException>(() => saved.FromJson<KeypointDrawingSettings>(json)).Message);
    }

    // Changes the transform's own bytes, of which it is told where they begin: our first number, the format version, stands there.
    private static void Rewrite(string zip, Action<byte[], int> change)
    {
        using ZipArchive archive = ZipFile.Open(zip, ZipArchiveMode.Update);
        using Stream stream = archive.GetEntry("TransformerChain/Model.key")!.Open();
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        // ML.NET's header says so at offset 16.
        change(bytes, (int)BitConverter.ToInt64(bytes, 16));
        stream.Position = 0;
        stream.Write(bytes);
    }

    private static string LoadFailure(string zip)
    {
        var messages = new List<string>();
        for (Exception? e = Assert.Throws<Exception>(() => new MLContext().UseKeypointMl().Model.Load(zip, out _));
            e is not null; e = e.InnerException)
            messages.Add(e.Message);
        return string.Join('\n', messages);
    }

    // What the transform itself wrote: ML.NET's header has the assembly's version in it, and says where its end is.
    private static Dictionary<string, byte[]> SavedParts(string zip)
    {
        using ZipArchive archive = ZipFile.OpenRead(zip);
        var parts = new Dictionary<string, byte[]>();
        foreach (ZipArchiveEntry entry in archive.Entries
            .Where(entry => entry.FullName.StartsWith("TransformerChain", StringComparison.Ordinal)))
        {
            using Stream stream = entry.Open();
            byte[] bytes = new byte[entry.Length];
            stream.ReadExactly(bytes);
            parts[entry.FullName] = entry.Name == "Model.key"
                ? bytes.AsSpan((int)BitConverter.ToInt64(bytes, 16), (int)BitConverter.ToInt64(bytes, 24)).ToArray()
                : bytes;
        }
        Assert.IsNotEmpty(parts);
        return parts;
    }

    private static void AssertSame(string name, IDataView expected, IDataView actual)
    {
        if (name == "NormalizePose")
        {
            float[][] shapes = [.. actual.GetColumn<float[]>("Shape")];
            foreach ((float[] pose, int i) in expected.GetColumn<float[]>("Shape").Select((pose, i) => (pose, i)))
                CollectionAssert.AreEqual(pose, shapes[i]);
            return;
        }
        RgbImage?[] pictures = Pictures.Read(actual);
        foreach ((RgbImage? picture, int i) in Pictures.Read(expected).Select((picture, i) => (picture, i)))
            CollectionAssert.AreEqual(picture!.Pixels, pictures[i]!.Pixels);
    }
}
