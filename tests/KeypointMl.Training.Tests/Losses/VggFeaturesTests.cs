using KeypointMl.Training.Checkpoints.Safetensors;
using KeypointMl.Training.Checkpoints.Weights;
using KeypointMl.Training.Losses.Perceptual;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Runs;
using static TorchSharp.torch;

namespace KeypointMl.Training.Tests;

[TestClass]
public sealed class VggFeaturesTests
{
    private const int Side = 8;
    private TemporaryFolder folder = null!;

    [TestInitialize]
    public void CreateFolder() => folder = new TemporaryFolder();

    [TestCleanup]
    public void DeleteFolder() => folder.Dispose();

    [TestMethod]
    [DataRow("vgg.mat", true, false, PerceptualInput.Centred, 3)]
    [DataRow("vgg.pth", false, false, PerceptualInput.Centred, 3)]
    [DataRow("vgg.pth", false, true, PerceptualInput.Standardised, 3)]
    [DataRow("vgg.safetensors", true, true, PerceptualInput.Centred, 3)]
    [DataRow("vgg.safetensors", false, true, PerceptualInput.Centred, 1)]
    public void Extract_equals_the_literal_network(string file, bool plainNames, bool relu, PerceptualInput input, int channels)
    {
        string path = VggFiles.Write(folder[file], VggFiles.Tiny, plainNames, channels);
        random.manual_seed(3);
        using Tensor image = rand(2, 3, Side, Side) * 2 - 1;
        using var features = new VggFeatures(path, VggFiles.Tiny, relu, input);

        IReadOnlyList<Tensor> actual = features.Extract(image);

        List<double[][][]>[] expected = [.. Enumerable.Range(0, 2)
            .Select(n => Literal([.. image[n].contiguous().data<float>()], relu, input, channels))];
        Assert.AreEqual(4, features.Count);
        Assert.HasCount(4, actual);
        for (int level = 0; level < actual.Count; level++)
        {
            float[] values = [.. actual[level].contiguous().data<float>()];
            double[] wanted = [.. expected.SelectMany(sample => sample[level]).SelectMany(map => map).SelectMany(row => row)];
            Assert.HasCount(wanted.Length, values);
            double largest = wanted.Max(Math.Abs);
            for (int i = 0; i < wanted.Length; i++)
                Assert.AreEqual(wanted[i], values[i], 1e-5 * largest, $"level {level}, value {i}"); // float32 against double
        }
    }

    [TestMethod]
    public void Extract_gradient_reaches_the_image_and_no_weight()
    {
        using var features = new VggFeatures(
            VggFiles.Write(folder["vgg.pth"], VggFiles.Tiny), VggFiles.Tiny, relu: true, PerceptualInput.Centred);
        using Tensor image = zeros(1, 3, Side, Side, requires_grad: true);
        features.Extract(image)[^1].sum().backward();
        Assert.IsTrue(image.grad!.abs().sum().item<float>() > 0);
    }

    [TestMethod]
    public void Open_file_of_another_network_is_refused_and_lists_its_arrays()
    {
        string sixteen = VggFiles.Write(folder["16.safetensors"], VggFiles.Tiny, plainNames: true);
        string wider = VggFiles.Write(folder["wider.safetensors"], VggFiles.Tiny with { Channels = [3, 4, 6] });

        Assert.Contains("it has no 'conv1_3.weight', the kernel of conv1_3", Refused(sixteen, VggFiles.Tiny with
        {
            Convolutions = [3, 3, 2],
        }));
        Assert.Contains("it has conv2_3.weight [4, 4, 3, 3], which VGG-tiny has not", Refused(sixteen, VggFiles.Tiny with
        {
            Convolutions = [2, 2, 2],
        }));
        string shape = Refused(wider, VggFiles.Tiny);
        Assert.Contains("features.12.weight is [6, 4, 3, 3]; expected [5, 4, 3, 3] of its conv3_1", shape);
        Assert.Contains("features.0.weight [3, 3, 3, 3]", shape);
        Assert.Contains("losses.perceptual.network", shape);

        static string Refused(string path, VggArchitecture architecture)
        {
            string message = Assert.ThrowsExactly<InvalidDataException>(() => VggWeights.Open(path, architecture)).Message;
            Assert.Contains(path, message);
            return message;
        }
    }

    [TestMethod]
    public void Open_file_that_is_missing_or_of_no_format_is_refused()
    {
        File.WriteAllText(folder["vgg.h5"], "");
        Assert.Contains("There is no weight file",
            Assert.ThrowsExactly<FileNotFoundException>(() => WeightFile.Open(folder["none.mat"])).Message);
        Assert.Contains("ends in '.h5'; expected",
            Assert.ThrowsExactly<InvalidDataException>(() => WeightFile.Open(folder["vgg.h5"])).Message);
    }

    [TestMethod]
    public void Layers_of_vgg16_and_vgg19_stand_where_torchvision_has_them()
    {
        CollectionAssert.AreEqual(new[] { 0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28 },
            VggArchitecture.Vgg16.Layers().Select(layer => layer.Position).ToArray());
        CollectionAssert.AreEqual(new[] { 0, 2, 5, 7, 10, 12, 14, 16, 19, 21, 23, 25, 28, 30, 32, 34 },
            VggArchitecture.Vgg19.Layers().Select(layer => layer.Position).ToArray());
        Assert.AreEqual("conv4_3", VggArchitecture.Vgg19.Layers().Single(layer => layer.Position == 23).Name);
    }

    [TestMethod]
    public void Train_with_the_perceptual_loss_of_a_supplied_network_steps_from_the_start_values()
    {
        string weights = VggFiles.Write(folder["vgg16.safetensors"], VggArchitecture.Vgg16);
        Recipe recipe = TinyRun.Recipe(steps: 2, pretraining: 0);
        recipe = recipe with
        {
            Losses = recipe.Losses with
            {
                ReconstructionKind = ReconstructionKind.Perceptual,
                Perceptual = new PerceptualRecipe
                {
                    Network = PerceptualNetwork.Vgg16,
                    Weights = weights,
                    Relu = true,
                    StartValues = RunningMeanStart.Imm,
                },
            },
        };
        recipe.Validate();
        Assert.AreEqual(recipe, Recipe.Parse(recipe.ToYaml()));
        using RunFolder run = RunFolder.Create(folder["run"], recipe);
        Assert.IsTrue(TinyRun.Train(run).Finished);

        float[] means = [.. SafetensorsFile.Read(run.Checkpoints.List()[0].Path)["reconstruction.running_means"].ToTensor().data<float>()];
        Assert.HasCount(6, means);
        // The image's squared distance on the scale 0…255 is in the thousands: two steps take the mean from 100 towards it by 2 %.
        Assert.IsTrue(means[0] is > 100 and < 1500, $"{means[0]}");
    }

    /// <summary>
    /// The image on 0…255 less the mean, then convolutions and 2×2 maxima, with the second of each block kept; in
    /// double, sample by sample.
    /// </summary>
    private static List<double[][][]> Literal(float[] image, bool relu, PerceptualInput input, int channels)
    {
        double[] means = [123.68, 116.779, 103.939];
        double[] deviations = [0.229 * 255, 0.224 * 255, 0.225 * 255];
        double[][][] centred = [.. Enumerable.Range(0, 3)
            .Select(c => Map(Side, Side, (y, x) => (image[(c * Side + y) * Side + x] + 1.0) / 2 * 255 - means[c]))];
        double[][][] seen = channels == 1
            ? [Map(Side, Side, (y, x) => (Enumerable.Range(0, 3).Average(c => centred[c][y][x] + means[c]) - 114.451) / 255)]
            : input == PerceptualInput.Centred
            ? centred
            : [.. centred.Select((map, c) => Map(Side, Side, (y, x) => map[y][x] / deviations[c]))];
        var kept = new List<double[][][]> { centred };
        foreach ((VggLayer layer, float[] kernel, float[] bias) in VggFiles.Weights(VggFiles.Tiny, channels))
        {
            double[][][] from = layer is { Block: > 0, Index: 0 }
                ? [.. seen.Select(map =>
                    Map(map.Length / 2, map.Length / 2, (y, x) =>
                        new[] { map[2 * y][2 * x], map[2 * y][2 * x + 1], map[2 * y + 1][2 * x], map[2 * y + 1][2 * x + 1] }.Max()))]
                : seen;
            int side = from[0].Length;
            seen = [.. Enumerable.Range(0, layer.Outputs)
                .Select(o => Map(side, side, (y, x) => Activated(bias[o] + Convolved(from, kernel, o, y, x))))];
            if (layer.Index == 1)
                kept.Add(seen);
        }
        return kept;

        double Activated(double value) => relu ? Math.Max(0, value) : value;

        static double Convolved(double[][][] from, float[] kernel, int o, int y, int x)
        {
            double sum = 0;
            for (int i = 0; i < from.Length; i++)
            {
                for (int dy = -1; dy <= 1; dy++)
                {
                    for (int dx = -1; dx <= 1; dx++)
                    {
                        if (y + dy >= 0 && y + dy < from[i].Length && x + dx >= 0 && x + dx < from[i].Length)
                            sum += from[i][y + dy][x + dx] * kernel[((o * from.Length + i) * 3 + dy + 1) * 3 + dx + 1];
                    }
                }
            }
            return sum;
        }
    }

    private static double[][] Map(int height, int width, Func<int, int, double> value) =>
        [.. Enumerable.Range(0, height).Select(y => Enumerable.Range(0, width).Select(x => value(y, x)).ToArray())];
}
