using System.IO.Compression;
using System.Text;
using Google.Protobuf;
using KeypointMl.Detection;
using KeypointMl.Inference.Contracts;
using KeypointMl.Inference.Detection;
using KeypointMl.Inference.Devices;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Protobuf;
using KeypointMl.Rows;
using KeypointMl.Tests.MlNet;
using Microsoft.ML;

namespace KeypointMl.Tests.Onnx.Trust;

/// <summary>The readers of models: ONNX, its weights in other files, our contract, and ML.NET's model files.</summary>
internal static class ModelReaders
{
    private const string Weights = "weights.bin";
    private static readonly Lazy<byte[]> Detecting = new(() =>
        SaveModel(ml => ml.Transforms.DetectKeypoints("Keypoints", "Path", TestModels.Detector(), TestData.Options)));

    /// <summary>All of them.</summary>
    public static FuzzedReader[] All { get; } =
    [
        // A sample has a few kilobytes: following functions into their calls may take at most what the attacks take.
        new("onnx", ".onnx", Fuzz.Samples, path => Fuzz.ReadAll(File.ReadAllBytes(path), path))
            { IsRefusal = error => error is OnnxException, MaxBytes = 64 << 20, NightlyCases = 1_000_000 },
        new("onnx-contract", ".onnx", () => [TestModels.Detector(), TestModels.Generator()], path => ModelContract.ReadFile(path))
            { NightlyCases = 500_000 },
        new("onnx-external-data", ".onnx", () => [External()], ReadExternal)
            { IsRefusal = error => error is OnnxException, NightlyCases = 500_000 },
        new("onnx-metadata", ".json", () => [Encoding.UTF8.GetBytes(TestModels.Skeleton.ToJson())], ReadMetadata)
            { Words = Spoiling.JsonWords },
        new("detector", ".onnx", () => [TestModels.Detector()], ReadDetector)
            { IsRefusal = error => error is InvalidDataException or NotSupportedException, Cases = 200, NightlyCases = 30_000 },
        new("mlnet-settings", ".json", () => [Settings()], ReadSettings) { Words = Spoiling.JsonWords, NightlyCases = 100_000 },
        new("mlnet-key", ".zip", () => [Entry("Model.key")], ReadModel)
            { Wrap = key => Replace("Model.key", key), IsRefusal = IsMlNets, Cases = 100, NightlyCases = 10_000 },
        new("mlnet-graph", ".zip", () => [Entry("detector.onnx")], ReadModel)
            { Wrap = graph => Replace("detector.onnx", graph), IsRefusal = IsMlNets, Cases = 100, NightlyCases = 10_000 },
        new("mlnet-zip", ".zip", () => [Detecting.Value], ReadModel) { IsRefusal = IsMlNets, Cases = 100, NightlyCases = 20_000 },
    ];

    private static byte[] External()
    {
        ModelProto model = SmallModel.ConvNormRelu().Proto.Clone();
        TensorProto tensor = model.Graph.Initializer[0];
        int length = tensor.RawData.Length;
        tensor.RawData = ByteString.Empty;
        tensor.DataLocation = TensorProto.Types.DataLocation.External;
        foreach ((string key, string value) in ((string, string)[])[("location", Weights), ("offset", "3"), ("length", $"{length}")])
            tensor.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
        return model.ToByteArray();
    }

    private static void ReadExternal(string path)
    {
        string folder = Path.GetDirectoryName(path)!;
        string weights = Path.Combine(folder, Weights);
        if (!File.Exists(weights))
            File.WriteAllBytes(weights, new byte[4096]);
        OnnxModel.Load(path, new OnnxLoadOptions { ExternalDataFolder = folder });
    }

    private static void ReadMetadata(string path)
    {
        Dictionary<string, string> metadata = TestModels.Metadata(ModelKind.Detector);
        metadata[ModelMetadata.SkeletonKey] = File.ReadAllText(path);
        ModelMetadata.Parse(metadata, path);
    }

    private static void ReadDetector(string path)
    {
        using var detector = KeypointDetector.Load(path, new KeypointDetectorOptions { Device = KeypointDevice.Cpu, IntraOpThreads = 1 });
    }

    private static byte[] Settings() =>
        Encoding.UTF8.GetBytes(SavedTransform.ToJson(SavedDetection.From(
            DetectionSettings.FromBytes("Keypoints", "Path", TestModels.Detector(), "detector.onnx", TestData.Options))));

    private static void ReadSettings(string path) => Named.Read(path, () =>
        KeypointDetectingTransformer.Saved.FromJson<SavedDetection>(File.ReadAllText(path)).ToSettings(TestModels.Detector(), "detector.onnx"));

    // What ML.NET itself says of a damaged file is its own: here it is enough that the process lives, in time and memory.
    private static bool IsMlNets(Exception error) => error.Message.Contains("model file", StringComparison.Ordinal);

    private static void ReadModel(string path)
    {
        try
        {
            (new MLContext().UseKeypointMl().Model.Load(path, out _) as IDisposable)?.Dispose();
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw new InvalidDataException($"model file {path}: {error.Message}", error);
        }
    }

    private static byte[] SaveModel(Func<MLContext, IEstimator<ITransformer>> estimator)
    {
        var ml = new MLContext();
        IDataView data = ml.Data.LoadFromEnumerable(new[] { new PathRow { Path = "none" } });
        ITransformer model = estimator(ml).Fit(data);
        using var stream = new MemoryStream();
        ml.Model.Save(model, data.Schema, stream);
        (model as IDisposable)?.Dispose();
        return stream.ToArray();
    }

    private static byte[] Entry(string name)
    {
        using var archive = new ZipArchive(new MemoryStream(Detecting.Value));
        using Stream stream = Find(archive, name).Open();
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    private static byte[] Replace(string name, byte[] content)
    {
        var file = new MemoryStream();
        file.Write(Detecting.Value);
        using (var archive = new ZipArchive(file, ZipArchiveMode.Update, leaveOpen: true))
        {
            using Stream stream = Find(archive, name).Open();
            stream.SetLength(0);
            stream.Write(content);
        }
        return file.ToArray();
    }

    // Of the entries of a name the transform's own is the one beside the graph.
    private static ZipArchiveEntry Find(ZipArchive archive, string name)
    {
        const string Graph = "detector.onnx";
        string graph = archive.Entries.Single(entry => entry.Name == Graph).FullName;
        return archive.GetEntry(graph[..^Graph.Length] + name)!;
    }
}
