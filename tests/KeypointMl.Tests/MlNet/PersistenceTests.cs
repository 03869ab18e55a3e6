using System.Diagnostics;
using System.IO.Compression;
using KeypointMl.Detection;
using KeypointMl.Imaging.Images;
using KeypointMl.Rows;
using Microsoft.ML;

namespace KeypointMl.Tests.MlNet;

[TestClass]
public sealed class PersistenceTests
{
    private readonly MLContext ml = new(seed: 1);

    [TestMethod]
    public void Load_in_another_context_gives_options_graph_and_keypoints()
    {
        using var folder = new TemporaryFolder();
        KeypointDetectionOptions options = TestData.Options with
        {
            BatchSize = 3,
            DecodeThreads = 2,
            ParallelRuns = 2,
            MaxPixels = 12345,
            PadBatches = true,
            OnError = KeypointErrorPolicy.MarkRow,
            ErrorColumnName = "Why",
        };
        string path = Save(folder, options);
        var fresh = new MLContext();
        fresh.UseKeypointMl().UseKeypointMl();
        ITransformer loaded = fresh.Model.Load(path, out DataViewSchema schema);
        Assert.IsNotNull(schema.GetColumnOrNull("Path"));
        var transformer = (KeypointDetectingTransformer)loaded;
        Assert.AreEqual(options, transformer.Options);
        Assert.AreEqual(("Path", "Keypoints"), (transformer.InputColumnName, transformer.OutputColumnName));
        Assert.AreEqual(TestModels.Skeleton, transformer.Skeleton);
        int i = 0;
        foreach (NumberedPrediction row in fresh.Data.CreateEnumerable<NumberedPrediction>(
            transformer.Transform(TestData.Paths(fresh, folder, 7)), reuseRowObject: true))
            TestData.AssertIsRow(i++, row);
        Assert.AreEqual(7, i);
        transformer.Dispose();
    }

    [TestMethod]
    public void Load_chain_with_other_transforms_works()
    {
        using var folder = new TemporaryFolder();
        IDataView data = TestData.Paths(ml, folder, 3);
        ITransformer chain = ml.Transforms.LoadImages("Image", "", "Path")
            .Append(ml.Transforms.DetectKeypoints("Keypoints", "Image", TestModels.Detector(), TestData.Options))
            .Append(ml.Transforms.Concatenate("Features", "Keypoints", "Confidence"))
            .Fit(data);
        ml.Model.Save(chain, data.Schema, folder["chain.zip"]);
        (chain as IDisposable)?.Dispose();
        ITransformer loaded = new MLContext().UseKeypointMl().Model.Load(folder["chain.zip"], out _);
        int i = 0;
        foreach (NumberedPrediction row in ml.Data.CreateEnumerable<NumberedPrediction>(loaded.Transform(data), reuseRowObject: true))
            TestData.AssertIsRow(i++, row);
        Assert.AreEqual(3, i);
        (loaded as IDisposable)?.Dispose();
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Load_in_a_fresh_process_gives_the_same_keypoints(bool registered)
    {
        using var folder = new TemporaryFolder();
        string model = Save(folder, TestData.Options);
        string image = folder.Write("image.png", ImageWriter.EncodePng(TestImages.Numbered(4)));
        string name = Path.Combine(AppContext.BaseDirectory, "KeypointMl.Tests");
        // Under the test's own dependencies, because only test outputs carry the natives.
        string[] arguments =
        [
            "exec", "--depsfile", $"{name}.deps.json", "--runtimeconfig", $"{name}.runtimeconfig.json",
            Path.Combine(AppContext.BaseDirectory, "KeypointMl.FreshProcess.dll"), model, image,
            registered ? "registered" : "plain",
        ];
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        string home = LetOnnxRuntimeReport(start, folder);
        using var process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.AreEqual(0, process.ExitCode, errors.Result);
        float[] keypoints = [.. output.Split(' ').Select(value => float.Parse(value, System.Globalization.CultureInfo.InvariantCulture))];
        TestData.AssertIsRow(4, new KeypointPrediction { Keypoints = keypoints });
        Assert.IsEmpty(Directory.GetDirectories(home, ".onnxruntime", SearchOption.AllDirectories),
            "ONNX Runtime's telemetry leaves an identifier and a database");
    }

    // Takes away what would keep ONNX Runtime from reporting, but for what KeypointMl does; its files would appear in the folder returned.
    private static string LetOnnxRuntimeReport(ProcessStartInfo start, TemporaryFolder folder)
    {
        string home = Directory.CreateDirectory(folder["home"]).FullName;
        foreach (string variable in new[] { "HOME", "XDG_CACHE_HOME" })
            start.Environment[variable] = home;
        foreach (string variable in new[] { "ORT_DISABLE_TELEMETRY", "ORT_RUNNING_UNIT_TESTS", "CI" })
            start.Environment.Remove(variable);
        return home;
    }

    [TestMethod]
    public void Load_newer_format_is_refused_with_advice()
    {
        using var folder = new TemporaryFolder();
        string path = Save(folder, TestData.Options);
        Rewrite(path, "Model.key", bytes =>
        {
            // ML.NET's header says at offset 16 where our first number, the format version, stands.
            int start = (int)BitConverter.ToInt64(bytes, 16);
            Assert.AreEqual(2, BitConverter.ToInt32(bytes, start));
            BitConverter.TryWriteBytes(bytes.AsSpan(start), 3);
        });
        StringAssert.Contains(LoadFailure(path), "has format version 3; this KeypointMl reads versions 1 to 2. Update KeypointMl.");
    }

    [TestMethod]
    public void Load_version_1_still_works()
    {
        // Saved by the first version of the format, with BatchSize 3, DecodeThreads 2, MaxPixels 12345 and a confidence column.
        string path = Path.Combine(RepositoryFiles.Root, "tests", "KeypointMl.Tests", "MlNet", "Fixtures", "detect-keypoints-v1.zip");
        using var transformer = (KeypointDetectingTransformer)new MLContext().Model.Load(path, out _);
        Assert.AreEqual(TestData.Options with { BatchSize = 3, DecodeThreads = 2, MaxPixels = 12345 }, transformer.Options);
        using var folder = new TemporaryFolder();
        foreach (NumberedPrediction row in ml.Data.CreateEnumerable<NumberedPrediction>(
            transformer.Transform(TestData.Paths(ml, folder, 5)), reuseRowObject: true))
            TestData.AssertIsRow(row.Number, row);
    }

    [TestMethod]
    public void Load_keeps_boxes_layout_and_tuning()
    {
        using var folder = new TemporaryFolder();
        IDataView data = ml.Data.LoadFromEnumerable(new[] { new BoxRow { Path = "none", Box = [0, 0, 1, 1] } });
        KeypointDetectionOptions options = TestData.Options with { BoxColumnName = "Box", InterleaveConfidence = true, AutoTune = true };
        using (KeypointDetectingTransformer saved = TestData.Fit(ml, data, "Path", options))
            ml.Model.Save(saved, data.Schema, folder["model.zip"]);
        using var loaded = (KeypointDetectingTransformer)new MLContext().UseKeypointMl().Model.Load(folder["model.zip"], out _);
        Assert.AreEqual(options, loaded.Options);
        Assert.IsNotNull(loaded.Tuning);
    }

    [TestMethod]
    public void Load_damaged_graph_is_refused()
    {
        using var folder = new TemporaryFolder();
        string path = Save(folder, TestData.Options);
        Rewrite(path, "detector.onnx", bytes => bytes.AsSpan(0, 40).Fill(0xFF));
        StringAssert.Contains(LoadFailure(path), "'detector.onnx' is not a usable ONNX file");
    }

    [TestMethod]
    public void Load_graph_that_only_a_bomb_could_be_is_refused_before_it_is_read()
    {
        using var folder = new TemporaryFolder();
        string path = Save(folder, TestData.Options);
        using (ZipArchive archive = ZipFile.Open(path, ZipArchiveMode.Update))
        {
            ZipArchiveEntry graph = archive.Entries.Single(entry => entry.Name == "detector.onnx");
            string name = graph.FullName;
            graph.Delete();
            using Stream stream = archive.CreateEntry(name, CompressionLevel.Optimal).Open();
            byte[] zeros = new byte[1 << 20];
            for (int i = 0; i < 100; i++)
                stream.Write(zeros);
        }

        StringAssert.Contains(LoadFailure(path), "which no model does");
    }

    [TestMethod]
    [DataRow(100, "has 1,000 bytes; at most 100 are allowed")]
    [DataRow(1000, null)]
    public void Entry_of_a_model_file_is_read_within_its_limit(int limit, string? complaint)
    {
        using var memory = new MemoryStream();
        using (var archive = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        using (Stream stream = archive.CreateEntry("graph").Open())
            stream.Write(new byte[1000]);
        using var written = new ZipArchive(memory);

        if (complaint is null)
        {
            Assert.HasCount(1000, ZipEntryBytes.Read(written.Entries[0], "graph", limit));
        }
        else
        {
            Assert.Contains(complaint,
                Assert.ThrowsExactly<InvalidDataException>(() => ZipEntryBytes.Read(written.Entries[0], "graph", limit)).Message);
        }
    }

    [TestMethod]
    public void Load_settings_that_claim_to_be_huge_are_refused()
    {
        using var folder = new TemporaryFolder();
        string path = Save(folder, TestData.Options);
        Rewrite(path, "Model.key", bytes =>
        {
            int start = (int)BitConverter.ToInt64(bytes, 16);
            // The length of the text behind the format version, 7 bits a byte.
            new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0x07 }.CopyTo(bytes, start + sizeof(int));
        });

        StringAssert.Contains(LoadFailure(path), "claim 2147483647 bytes");
    }

    private string Save(TemporaryFolder folder, KeypointDetectionOptions options)
    {
        IDataView data = TestData.Paths(ml, folder, 1);
        using KeypointDetectingTransformer transformer = TestData.Fit(ml, data, "Path", options);
        ml.Model.Save(transformer, data.Schema, folder["model.zip"]);
        return folder["model.zip"];
    }

    private static void Rewrite(string zip, string entryName, Action<byte[]> change)
    {
        using ZipArchive archive = ZipFile.Open(zip, ZipArchiveMode.Update);
        // Of the entries of that name the transform's own is the one beside the graph.
        string graph = archive.Entries.Single(entry => entry.Name == "detector.onnx").FullName;
        ZipArchiveEntry entry = archive.GetEntry(graph[..^"detector.onnx".Length] + entryName)!;
        using Stream stream = entry.Open();
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        change(bytes);
        stream.Position = 0;
        stream.Write(bytes);
    }

    private static string LoadFailure(string path)
    {
        var messages = new List<string>();
        for (Exception? e = Assert.Throws<Exception>(() => new MLContext().UseKeypointMl().Model.Load(path, out _)); e is not null;
            e = e.InnerException)
            messages.Add(e.Message);
        return string.Join("\n", messages);
    }
}
