using Google.Protobuf;
using KeypointMl.Training.Checkpoints.Safetensors;
using KeypointMl.Training.Losses.Perceptual;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Runs;
using Microsoft.ML.OnnxRuntime;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Tests;

[TestClass]
public sealed class ResNetFeaturesTests
{
    private const int Side = 32;
    private static readonly ResNetArchitecture Tiny = new("ResNet-tiny", [1, 2], [4, 6]);
    private TemporaryFolder folder = null!;

    [TestInitialize]
    public void CreateFolder() => folder = new TemporaryFolder();

    [TestCleanup]
    public void DeleteFolder() => folder.Dispose();

    [TestMethod]
    public void Features_of_torchvisions_weights_are_those_of_the_network_with_its_normalisations()
    {
        Dictionary<string, Tensor> weights = Weights(Tiny);
        using Tensor image = rand(2, 3, Side, Side) * 2 - 1;
        using var features = new ResNetFeatures(Write("tiny.safetensors", weights), Tiny);

        IReadOnlyList<Tensor> actual = features.Extract(image);

        Tensor pixels = (image + 1) / 2;
        Tensor x = (pixels - tensor(new[] { 0.485f, 0.456f, 0.406f }).view(1, 3, 1, 1))
            / tensor(new[] { 0.229f, 0.224f, 0.225f }).view(1, 3, 1, 1);
        x = Normalized(x, Tiny.Stem).relu();
        var expected = new List<Tensor> { x };
        x = functional.max_pool2d(x, [3, 3], [2, 2], [1, 1]);
        foreach (var blocks in Tiny.Stages())
        {
            foreach (ResNetBlock block in blocks)
            {
                Tensor shortcut = block.Shortcut is { } layer ? Normalized(x, layer) : x;
                x = (Normalized(Normalized(x, block.First).relu(), block.Second) + shortcut).relu();
            }
            expected.Add(x);
        }
        Assert.AreEqual(4, features.Count);
        Assert.HasCount(4, actual);
        Assert.AreEqual(2 * 3 * Side * Side, actual[0].numel());
        for (int i = 0; i < expected.Count; i++)
            AssertClose(expected[i], actual[i + 1], $"map {i + 1}");

        Tensor Normalized(Tensor input, ResNetLayer layer) => functional.batch_norm(
            functional.conv2d(
                input, weights[$"{layer.Name}.weight"], strides: [layer.Stride, layer.Stride], padding: [layer.Kernel / 2, layer.Kernel / 2]),
            weights[$"{layer.Normalization}.running_mean"], weights[$"{layer.Normalization}.running_var"],
            weights[$"{layer.Normalization}.weight"], weights[$"{layer.Normalization}.bias"]);
    }

    [TestMethod]
    public void Features_of_the_packages_graph_are_those_that_onnx_runtime_computes()
    {
        // Two messages in a row are one: the second adds outputs to the first one's graph.
        string[] maps = ["ReLU253_Output_0", "ReLU283_Output_0", "ReLU315_Output_0", "ReLU347_Output_0"];
        byte[] graph = [.. File.ReadAllBytes(ResNetWeights.PathBesideProgram), .. Field(7, [.. maps.SelectMany(map => Field(12, Field(1, map)))])];
        random.manual_seed(2);
        using Tensor image = rand(1, 3, 224, 224) * 2 - 1;
        using var features = new ResNetFeatures(path: null, ResNetArchitecture.ResNet18);
        using var session = new InferenceSession(graph);
        using Tensor blueFirst = ((image + 1) * 127.5 - tensor(new[] { 123.152f, 115.903f, 103.063f }).view(1, 3, 1, 1)).flip(1).contiguous();

        using OrtValue input = OrtValue.CreateTensorValueFromMemory(blueFirst.data<float>().ToArray(), [1, 3, 224, 224]);
        using var options = new RunOptions();
        using IDisposableReadOnlyCollection<OrtValue> expected = session.Run(options, ["Input247"], [input], maps);
        IReadOnlyList<Tensor> actual = features.Extract(image);

        Assert.AreEqual(5, features.Count);
        for (int i = 0; i < maps.Length; i++)
        {
            Tensor wanted = tensor(expected[i].GetTensorDataAsSpan<float>().ToArray()).view(expected[i].GetTensorTypeAndShape().Shape);
            AssertClose(wanted, actual[i + 1], maps[i]);
        }
    }

    [TestMethod]
    public void Gradient_reaches_the_image()
    {
        using var features = new ResNetFeatures(Write("tiny.safetensors", Weights(Tiny)), Tiny);
        using Tensor image = zeros(1, 3, Side, Side, requires_grad: true);
        features.Extract(image)[^1].sum().backward();
        Assert.IsTrue(image.grad!.abs().sum().item<float>() > 0);
    }

    [TestMethod]
    public void File_of_another_network_is_refused_and_says_what_differs()
    {
        Dictionary<string, Tensor> weights = Weights(Tiny);
        string tiny = Write("tiny.safetensors", weights);
        weights.Remove("layer2.1.bn2.running_var");
        string incomplete = Write("incomplete.safetensors", weights);
        var stem = new ResNetArchitecture("ResNet-stem", [], [4]);
        string detector = Path.Combine(RepositoryFiles.Root, "onnx", "flies", "detector.onnx");
        File.WriteAllText(folder["text.onnx"], "no graph");

        Assert.Contains("it has no 'layer2.1.bn2.running_var'", Refused(incomplete, Tiny));
        Assert.Contains("conv1.weight is [4, 3, 7, 7]; expected [5, 3, 7, 7]", Refused(tiny, Tiny with { Channels = [5, 6] }));
        Assert.Contains("it has layer2.1.conv1.weight [6, 6, 3, 3], which ResNet-tiny has not", Refused(tiny, Tiny with { Blocks = [1, 1] }));
        Assert.Contains("without bias", Refused(detector, ResNetArchitecture.ResNet18));
        Assert.Contains("without bias", Refused(Graph("image"), stem));
        Assert.Contains("is not followed by a batch normalisation", Refused(Graph("image", "kernel"), stem));
        Assert.Contains("it has 19 convolutions of more than one pixel; expected 25 or more",
            Refused(ResNetWeights.PathBesideProgram, ResNetArchitecture.ResNet18 with { Blocks = [4, 4, 4] }));
        Refused(folder["text.onnx"], ResNetArchitecture.ResNet18);
        Assert.ThrowsExactly<FileNotFoundException>(() => ResNetWeights.Open(folder["none.onnx"], Tiny));

        static string Refused(string path, ResNetArchitecture architecture)
        {
            string message = Assert.ThrowsExactly<InvalidDataException>(() => ResNetWeights.Open(path, architecture)).Message;
            Assert.Contains(path, message);
            return message;
        }
    }

    [TestMethod]
    public void Perceptual_loss_needs_nothing_else_than_its_name()
    {
        Recipe recipe = TinyRun.Recipe(steps: 2, pretraining: 0);
        recipe = recipe with { Losses = recipe.Losses with { ReconstructionKind = ReconstructionKind.Perceptual } };
        recipe.Validate();
        Assert.AreEqual(recipe, Recipe.Parse(recipe.ToYaml()));
        using RunFolder run = RunFolder.Create(folder["run"], recipe);
        Assert.IsTrue(TinyRun.Train(run).Finished);

        float[] means = [.. SafetensorsFile.Read(run.Checkpoints.List()[0].Path)["reconstruction.running_means"].ToTensor().data<float>()];
        Assert.HasCount(5, means);
        Assert.IsTrue(means.All(mean => mean > 0), string.Join(", ", means));
    }

    /// <summary>A convolution alone, of whatever inputs.</summary>
    private string Graph(params string[] inputs)
    {
        byte[] node = [.. inputs.SelectMany(input => Field(1, input)), .. Field(2, "map"), .. Field(3, "conv"), .. Field(4, "Conv")];
        byte[] version = [8, 8], opset = [16, 13];
        File.WriteAllBytes(folder["graph.onnx"], [.. version, .. Field(7, [.. Field(1, node), .. Field(2, "stem")]), .. Field(8, opset)]);
        return folder["graph.onnx"];
    }

    private static Dictionary<string, Tensor> Weights(ResNetArchitecture architecture)
    {
        random.manual_seed(1);
        var weights = new Dictionary<string, Tensor>();
        foreach (ResNetLayer layer in architecture.Layers())
        {
            weights[$"{layer.Name}.weight"] = randn(layer.Outputs, layer.Inputs, layer.Kernel, layer.Kernel) / layer.Kernel;
            weights[$"{layer.Normalization}.weight"] = randn(layer.Outputs);
            weights[$"{layer.Normalization}.bias"] = randn(layer.Outputs);
            weights[$"{layer.Normalization}.running_mean"] = randn(layer.Outputs);
            weights[$"{layer.Normalization}.running_var"] = rand(layer.Outputs) + 0.5;
        }
        return weights;
    }

    private string Write(string name, Dictionary<string, Tensor> weights)
    {
        using FileStream stream = File.Create(folder[name]);
        new SafetensorsFile(weights.Select(pair => new SafetensorsTensor(
            pair.Key, SafetensorsType.F32, [.. pair.Value.shape], PickleWriter.Bytes([.. pair.Value.data<float>()])))).Write(stream);
        return folder[name];
    }

    private static void AssertClose(Tensor expected, Tensor actual, string what)
    {
        CollectionAssert.AreEqual(expected.shape, actual.shape, what);
        float largest = expected.abs().max().item<float>();
        float difference = (expected - actual).abs().max().item<float>();
        Assert.IsTrue(difference < 1e-4 * largest, $"{what}: {difference} of {largest}"); // sums of thousands of 32-bit products
    }

    /// <summary>A field of a protobuf message that holds text or another message.</summary>
    private static byte[] Field(int number, string text) => Field(number, System.Text.Encoding.UTF8.GetBytes(text));

    private static byte[] Field(int number, byte[] content)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            output.WriteTag(number, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(content));
        }
        return stream.ToArray();
    }
}
