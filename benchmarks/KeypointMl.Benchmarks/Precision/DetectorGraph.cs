using KeypointMl.Onnx.Building;
using KeypointMl.Onnx.Model;

namespace KeypointMl.Benchmarks;

/// <summary>
/// The graph of a detector η∘Φ as the exporter writes it, BatchNormalization folded, of any size and width and with
/// random weights: for measuring the speed of detectors that are not shipped. The tests of training compare it with what
/// the exporter writes.
/// </summary>
internal sealed class DetectorGraph
{
    private const int FirstPad = 3;
    private readonly OnnxGraphBuilder builder = new("detector");
    private readonly Random random = new(1);

    private DetectorGraph()
    {
    }

    /// <summary>Builds a detector.</summary>
    /// <param name="size">The width and height of its images, a multiple of 8.</param>
    /// <param name="width">The channels of the first layers of Φ and η; the deepest have eight times as many.</param>
    /// <param name="keypoints">How many keypoints it finds.</param>
    public static OnnxModel Build(int size, int width, int keypoints)
    {
        var graph = new DetectorGraph();
        string image = graph.builder.AddInput("image", OnnxElementType.UInt8, "N", size, size, 3);
        graph.builder.ReserveName("keypoints");
        graph.builder.ReserveName("confidence");
        graph.AddRegressor(graph.AddEncoder(graph.AddInput(image), width), size, width, keypoints);
        return graph.builder.Build();
    }

    // The scaling to [−1,1] is in the first convolution, whose border is therefore grey and not zero.
    private string AddInput(string image)
    {
        string values = builder.AddNode("cast", "Cast", [image], OnnxAttribute.Int("to", (int)OnnxElementType.Float));
        string planes = builder.AddNode("transpose", "Transpose", [values], OnnxAttribute.Ints("perm", 0, 3, 1, 2));
        string border = builder.AddConstant<long>("border", [0, 0, FirstPad, FirstPad, 0, 0, FirstPad, FirstPad], 8);
        return builder.AddNode("pad", "Pad", [planes, border, builder.AddConstant<float>("grey", [127.5f])]);
    }

    private string AddEncoder(string image, int width)
    {
        string[] levels = AddTrunk("phi", image, 3, width, normalise: false);
        string deep = Conv("phi.bottleneck", levels[3], 8 * width, 8 * width, 1);
        deep = Relu(Conv("phi.deep2", Relu(Conv("phi.deep1", deep, 8 * width, 8 * width, 3)), 8 * width, 8 * width, 3));
        string quarter = AddMerge("phi.quarter", deep, levels[2], 8 * width, 4 * width);
        string half = AddMerge("phi.half", quarter, levels[1], 4 * width, 2 * width);
        string full = Conv("phi.merge", Join(half, levels[0]), 3 * width, 2 * width, 1, bias: false);
        return Conv("phi.output", Relu(Conv("phi.last", full, 2 * width, width, 3)), width, 1, 3);
    }

    private string[] AddTrunk(string name, string input, int channels, int width, bool normalise)
    {
        var levels = new string[4];
        for (int level = 0; level < levels.Length; level++)
        {
            int wide = width << level;
            bool isPadded = level == 0 && !normalise; // the image
            input = Block($"{name}.first.{level}", input, channels, wide, level == 0 ? 7 : 3, level == 0 ? 1 : 2, normalise, isPadded);
            input = levels[level] = Block($"{name}.second.{level}", input, wide, wide, 3, 1, normalise);
            channels = wide;
        }
        return levels;
    }

    private string Block(string name, string input, int from, int to, int kernel, int stride, bool normalise, bool isPadded = false)
    {
        string conv = Conv(name, input, from, to, kernel, stride, isPadded: isPadded);
        if (normalise)
        {
            string one = builder.AddConstant<float>("one", Enumerable.Repeat(1f, to).ToArray(), to);
            conv = builder.AddNode(
                $"{name}.norm", "InstanceNormalization", [conv, one, builder.AddConstant<float>("zero", new float[to], to)]);
        }
        return Relu(conv);
    }

    private string AddMerge(string name, string below, string skip, int from, int to)
    {
        string merged = Conv($"{name}.merge", Join(below, skip), from + to, from, 1, bias: false);
        return Relu(Conv($"{name}.second", Relu(Conv($"{name}.first", merged, from, to, 3)), to, to, 3));
    }

    private string Join(string below, string skip)
    {
        string scales = builder.AddConstant<float>("scales", [1, 1, 2, 2], 4);
        string enlarged = builder.AddNode("enlarge", "Resize", [below, "", scales],
            OnnxAttribute.Text("coordinate_transformation_mode", "half_pixel"), OnnxAttribute.Text("mode", "linear"));
        return builder.AddNode("concat", "Concat", [enlarged, skip], OnnxAttribute.Int("axis", 1));
    }

    private void AddRegressor(string heat, int size, int width, int keypoints)
    {
        string maps = Conv("eta.heatmaps", AddTrunk("eta", heat, 1, width, normalise: true)[3], 8 * width, keypoints, 1);
        float[] grid = [.. Enumerable.Range(0, size / 8).Select(cell => (2f * cell / ((size / 8) - 1)) - 1)];
        string places = builder.AddConstant<float>("grid", grid, grid.Length);
        string squares = builder.AddConstant<float>("grid_squared", grid.Select(place => place * place).ToArray(), grid.Length);
        string last = builder.AddConstant<long>("last", [-1], 1);
        (string X, string Variance)[] axes = [.. new[] { 2L, 3L }.Select(axis => AddMoments(maps, axis, places, squares, last))];
        string pair = builder.AddNode("pair", "Concat",
            [.. axes.Select(axis => builder.AddNode("unsqueeze", "Unsqueeze", [axis.X, last]))], OnnxAttribute.Int("axis", -1));
        string spread = builder.AddNode("spread", "Mul",
            [builder.AddNode("sum", "Add", [axes[0].Variance, axes[1].Variance]), builder.AddConstant<float>("sharpness", [-8f])]);
        builder.RenameValue(builder.AddNode("exp", "Exp", [spread]), "confidence");
        string scale = builder.AddConstant<float>("pixels", [(size - 1) / 2f, (size - 1) / 2f], 2);
        builder.RenameValue(builder.AddNode("shift", "Add", [builder.AddNode("scale", "Mul", [pair, scale]), scale]), "keypoints");
        builder.AddOutput("keypoints", OnnxElementType.Float, "N", keypoints, 2);
        builder.AddOutput("confidence", OnnxElementType.Float, "N", keypoints);
    }

    // Mean and variance of the softmax over one axis of the maps, averaged over the other.
    private (string Mean, string Variance) AddMoments(string maps, long averaged, string places, string squares, string last)
    {
        string profile = builder.AddNode(
            "profile", "ReduceMean", [maps], OnnxAttribute.Ints("axes", averaged), OnnxAttribute.Int("keepdims", 0));
        string shares = builder.AddNode("softmax", "Softmax", [profile], OnnxAttribute.Int("axis", -1));
        string Expected(string of) =>
            builder.AddNode("expected", "ReduceSum", [builder.AddNode("weighted", "Mul", [shares, of]), last],
                OnnxAttribute.Int("keepdims", 0));
        string mean = Expected(places);
        return (mean, builder.AddNode("variance", "Sub", [Expected(squares), builder.AddNode("square", "Mul", [mean, mean])]));
    }

    private string Conv(string name, string input, int from, int to, int kernel, int stride = 1, bool bias = true, bool isPadded = false)
    {
        // He's spread keeps activations of one size through the layers, so that no number is subnormal and slow.
        float spread = MathF.Sqrt(6f / (from * kernel * kernel));
        string weight = builder.AddInitializer<float>(
            $"{name}.weight", Values(to * from * kernel * kernel, spread), to, from, kernel, kernel);
        string[] inputs = bias ? [input, weight, builder.AddInitializer<float>($"{name}.bias", Values(to, 0.1f), to)] : [input, weight];
        int pad = isPadded ? 0 : kernel / 2;
        return builder.AddNode(name, "Conv", inputs, OnnxAttribute.Ints("kernel_shape", kernel, kernel),
            OnnxAttribute.Ints("pads", pad, pad, pad, pad), OnnxAttribute.Ints("strides", stride, stride));
    }

    private string Relu(string input) => builder.AddNode($"{input}.relu", "Relu", [input]);

    private float[] Values(int count, float spread) =>
        [.. Enumerable.Range(0, count).Select(_ => ((random.NextSingle() * 2) - 1) * spread)];
}
