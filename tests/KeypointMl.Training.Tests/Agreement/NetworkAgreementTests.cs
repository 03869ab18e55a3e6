using KeypointMl.Training.Networks;
using static KeypointMl.Training.Tests.Literal;
using static TorchSharp.torch;

namespace KeypointMl.Training.Tests;

/// <summary>Φ, η, Ψ and D equal a transcription of the authors' shapes, layer by layer, with the same random weights.</summary>
[TestClass]
public sealed class NetworkAgreementTests
{
    private const int Width = 2;
    private const int Size = 32;

    // Float32 against double through some twenty layers, relative to the largest value.
    private const double Tolerance = 1e-5;

    [TestMethod]
    public void PoseEncoder_equals_encoder_skips_and_bilinear_decoder()
    {
        using var phi = Randomised(new PoseEncoder(Width));
        using Tensor image = Image(3);
        using Tensor actual = phi.call(image);
        for (int n = 0; n < 2; n++)
        {
            var state = new StateDictionary(phi);
            double[][][][] levels = Trunk(Sample(image, n), state, "trunk", batchNorm: true);
            double[][][] x = Convolve(levels[3], state.Take("bottleneck.weight"), state.Take("bottleneck.bias"), 1, 0);
            x = Block(Block(x, state, "deep1"), state, "deep2");
            foreach ((string name, double[][][] skip) in new[] { ("quarter", levels[2]), ("half", levels[1]) })
            {
                x = Convolve(Concat(Doubled(x), skip), state.Take($"{name}.merge.weight"), null, 1, 0);
                x = Block(Block(x, state, $"{name}.first"), state, $"{name}.second");
            }
            x = Convolve(Concat(Doubled(x), levels[0]), state.Take("merge.weight"), null, 1, 0);
            x = Convolve(Block(x, state, "last"), state.Take("output.weight"), state.Take("output.bias"), 1, 1);
            AssertEqual(x, Sample(actual, n), state);
        }
    }

    [TestMethod]
    public void KeypointRegressor_equals_trunk_heat_maps_and_soft_argmax()
    {
        const int keypoints = 5;
        using var eta = Randomised(new KeypointRegressor(keypoints, Width));
        using Tensor image = Image(1);
        (Tensor actual, _) = eta.call(image);
        for (int n = 0; n < 2; n++)
        {
            var state = new StateDictionary(eta);
            double[][][][] levels = Trunk(Sample(image, n), state, "trunk", batchNorm: false);
            (double X, double Y)[] expected =
                SoftArgmax(Convolve(levels[3], state.Take("heatmaps.weight"), state.Take("heatmaps.bias"), 1, 0));
            float[] found = [.. actual[n].contiguous().data<float>()];
            for (int k = 0; k < keypoints; k++)
            {
                Assert.AreEqual(expected[k].X, found[2 * k], Tolerance);
                Assert.AreEqual(expected[k].Y, found[2 * k + 1], Tolerance);
            }
            Assert.IsFalse(state.Unused.Any(), string.Join(", ", state.Unused));
        }
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void ConditionalGenerator_equals_two_trunks_and_a_decoder(bool stylePooling)
    {
        using var psi = Randomised(new ConditionalGenerator(Width, stylePooling));
        using Tensor skeleton = Image(1);
        using Tensor appearance = Image(3);
        using Tensor actual = psi.call(skeleton, appearance);
        for (int n = 0; n < 2; n++)
        {
            var state = new StateDictionary(psi);
            double[][][] pose =
                Convolve(Trunk(Sample(skeleton, n), state, "pose", batchNorm: true)[3], state.Take("poseBottleneck.weight"),
                    state.Take("poseBottleneck.bias"), 1, 0);
            double[][][] style =
                Convolve(Trunk(Sample(appearance, n), state, "style", batchNorm: true)[3], state.Take("styleBottleneck.weight"),
                    state.Take("styleBottleneck.bias"), 1, 0);
            if (stylePooling)
            {
                double[] means = [.. style.Select(map => map.SelectMany(row => row).Average())];
                style = Map(style.Length, style[0].Length, style[0][0].Length, (c, _, _) => means[c]);
            }
            double[][][] x = Concat(pose, style);
            for (int level = 0; level < 3; level++)
                x = Doubled(Block(Block(x, state, $"decoder.{3 * level}"), state, $"decoder.{3 * level + 1}"));
            x = Convolve(Block(x, state, "decoder.9"), state.Take("decoder.10.weight"), state.Take("decoder.10.bias"), 1, 1);
            AssertEqual(x, Sample(actual, n), state);
        }
    }

    [TestMethod]
    public void PoseDiscriminator_equals_patch_gans_on_halved_images()
    {
        using var d = Randomised(new PoseDiscriminator(3, 2, 2));
        using Tensor image = Image(1);
        IReadOnlyList<Tensor> actual = d.call(image);
        for (int n = 0; n < 2; n++)
        {
            var state = new StateDictionary(d);
            double[][][] seen = Sample(image, n);
            for (int scale = 0; scale < 2; scale++)
            {
                if (scale > 0)
                    seen = Resize(seen, seen[0].Length / 2, seen[0][0].Length / 2);
                // Strides 2, 2, 1, 1: the first without norm, the last without either.
                double[][][] x = Relu(Patch(seen, 0, 2), 0.2);
                x = Relu(InstanceNorm(Patch(x, 2, 2)), 0.2);
                x = Relu(InstanceNorm(Patch(x, 5, 1)), 0.2);
                x = Patch(x, 8, 1);
                AssertEqual(x, Sample(actual[scale], n), scale == 1 ? state : null);

                double[][][] Patch(double[][][] input, int index, int stride) =>
                    Convolve(input, state.Take($"patches.{scale}.{index}.weight"), state.Take($"patches.{scale}.{index}.bias"), stride, 1);
            }
        }
    }

    /// <summary>7×7 and 3×3 at full size, then three times a stride of 2 and a stride of 1.</summary>
    private static double[][][][] Trunk(double[][][] input, StateDictionary state, string name, bool batchNorm)
    {
        var levels = new List<double[][][]>();
        for (int level = 0; level < 4; level++)
        {
            input = Block(input, state, $"{name}.first.{level}", batchNorm, level == 0 ? 1 : 2);
            input = Block(input, state, $"{name}.second.{level}", batchNorm);
            levels.Add(input);
        }
        return [.. levels];
    }

    private static double[][][] Block(double[][][] input, StateDictionary state, string name, bool batchNorm = true, int stride = 1)
    {
        Weights kernel = state.Take($"{name}.convolution.weight");
        double[][][] x = Convolve(input, kernel, batchNorm
            ? null
            : state.Take($"{name}.convolution.bias"), stride, (int)kernel.Shape[2] / 2);
        return Relu(batchNorm
            ? BatchNorm(x, state.Take($"{name}.normalization.weight"), state.Take($"{name}.normalization.bias"),
                state.Take($"{name}.normalization.running_mean"), state.Take($"{name}.normalization.running_var"))
            : InstanceNorm(x));
    }

    private static double[][][] Doubled(double[][][] input) => Resize(input, 2 * input[0].Length, 2 * input[0][0].Length);

    private static void AssertEqual(double[][][] expected, double[][][] actual, StateDictionary? state)
    {
        double largest = Math.Max(1, expected.SelectMany(map => map).SelectMany(row => row).Max(Math.Abs));
        Assert.HasCount(expected.Length, actual);
        Assert.AreEqual((expected[0].Length, expected[0][0].Length), (actual[0].Length, actual[0][0].Length));
        for (int c = 0; c < expected.Length; c++)
        {
            for (int y = 0; y < expected[c].Length; y++)
            {
                for (int x = 0; x < expected[c][y].Length; x++)
                    Assert.AreEqual(expected[c][y][x], actual[c][y][x], Tolerance * largest, $"channel {c}, row {y}, column {x}");
            }
        }
        if (state is not null)
            Assert.IsFalse(state.Unused.Any(), $"weights that the transcription did not use: {string.Join(", ", state.Unused)}");
    }

    /// <summary>Weights large enough that every layer matters, and running statistics as after some training.</summary>
    private static T Randomised<T>(T module)
        where T : nn.Module
    {
        using var _ = no_grad();
        random.manual_seed(5);
        foreach ((string name, Tensor tensor) in module.state_dict().Where(entry => entry.Value.is_floating_point()))
        {
            if (name.EndsWith("running_var", StringComparison.Ordinal))
                tensor.uniform_(0.5, 1.5);
            else if (tensor.dim() == 4)
                tensor.normal_(0, 1 / Math.Sqrt(tensor.shape[1] * tensor.shape[2] * tensor.shape[3]));
            else
                tensor.uniform_(-0.5, 1.5);
        }
        module.eval();
        return module;
    }

    private static Tensor Image(int channels)
    {
        random.manual_seed(9);
        return rand(2, channels, Size, Size) * 2 - 1;
    }
}
