using static TorchSharp.torch;

namespace KeypointMl.Training.Tests;

/// <summary>
/// The operations of the networks, each a few loops in double over maps [channel][row][column]: slow, and independent
/// of TorchSharp's kernels.
/// </summary>
internal static class Literal
{
    public static double[][][] Map(int channels, int height, int width, Func<int, int, int, double> value) =>
        [.. Enumerable.Range(0, channels)
            .Select(c => Enumerable.Range(0, height).Select(y => Enumerable.Range(0, width).Select(x => value(c, y, x)).ToArray())
                .ToArray())];

    /// <summary>One sample of a tensor [N,C,H,W].</summary>
    public static double[][][] Sample(Tensor images, int n)
    {
        float[] values = [.. images[n].detach().contiguous().data<float>()];
        (int c, int h, int w) = ((int)images.shape[1], (int)images.shape[2], (int)images.shape[3]);
        return Map(c, h, w, (channel, y, x) => values[(channel * h + y) * w + x]);
    }

    public static double[][][] Convolve(double[][][] input, Weights kernel, Weights? bias, int stride, int padding)
    {
        (int outputs, int side) = ((int)kernel.Shape[0], (int)kernel.Shape[2]);
        (int height, int width) = (input[0].Length, input[0][0].Length);
        return Map(outputs, (height + 2 * padding - side) / stride + 1, (width + 2 * padding - side) / stride + 1, (o, row, column) =>
        {
            double sum = bias is null ? 0 : bias[o];
            for (int i = 0; i < input.Length; i++)
            {
                for (int dy = 0; dy < side; dy++)
                {
                    int y = row * stride + dy - padding;
                    if (y < 0 || y >= height)
                        continue;
                    for (int dx = 0; dx < side; dx++)
                    {
                        int x = column * stride + dx - padding;
                        if (x >= 0 && x < width)
                            sum += input[i][y][x] * kernel[((o * input.Length + i) * side + dy) * side + dx];
                    }
                }
            }
            return sum;
        });
    }

    public static double[][][] BatchNorm(double[][][] input, Weights weight, Weights bias, Weights mean, Weights variance) =>
        Each(input, (c, value) => (value - mean[c]) / Math.Sqrt(variance[c] + 1e-5) * weight[c] + bias[c]);

    /// <summary>Each map less its mean, over its standard deviation (of the population); no weights.</summary>
    public static double[][][] InstanceNorm(double[][][] input)
    {
        double[] means = [.. input.Select(map => map.SelectMany(row => row).Average())];
        double[] variances = [.. input.Select(
            (map, c) => map.SelectMany(row => row).Average(value => (value - means[c]) * (value - means[c])))];
        return Each(input, (c, value) => (value - means[c]) / Math.Sqrt(variances[c] + 1e-5));
    }

    public static double[][][] Relu(double[][][] input, double slope = 0) => Each(input, (_, value) => value > 0 ? value : slope * value);

    public static double[][][] Concat(double[][][] first, double[][][] second) => [.. first, .. second];

    /// <summary>Bilinear resizing by half-pixel centres (align_corners = false), the image's edge repeated.</summary>
    public static double[][][] Resize(double[][][] input, int height, int width)
    {
        (int fromHeight, int fromWidth) = (input[0].Length, input[0][0].Length);
        return Map(input.Length, height, width, (c, row, column) =>
        {
            double y = Math.Max(0, (row + 0.5) * fromHeight / height - 0.5);
            double x = Math.Max(0, (column + 0.5) * fromWidth / width - 0.5);
            (int top, int left) = ((int)y, (int)x);
            (int bottom, int right) = (Math.Min(top + 1, fromHeight - 1), Math.Min(left + 1, fromWidth - 1));
            (double fy, double fx) = (y - top, x - left);
            return (1 - fy) * ((1 - fx) * input[c][top][left] + fx * input[c][top][right])
                + fy * ((1 - fx) * input[c][bottom][left] + fx * input[c][bottom][right]);
        });
    }

    /// <summary>Per axis: the mean over the other axis, a softmax, and the expectation of linspace(−1, 1).</summary>
    public static (double X, double Y)[] SoftArgmax(double[][][] heatmaps) =>
    [
        .. heatmaps.Select(map => (
            Expectation([.. Enumerable.Range(0, map[0].Length).Select(x => map.Average(row => row[x]))]),
            Expectation([.. map.Select(row => row.Average())]))),
    ];

    private static double Expectation(double[] logits)
    {
        double total = logits.Sum(Math.Exp);
        return logits.Select((logit, i) => Math.Exp(logit) / total * (-1 + 2.0 * i / (logits.Length - 1))).Sum();
    }

    private static double[][][] Each(double[][][] input, Func<int, double, double> value) =>
        Map(input.Length, input[0].Length, input[0][0].Length, (c, y, x) => value(c, input[c][y][x]));

    /// <summary>One tensor's numbers.</summary>
    public sealed class Weights(Tensor tensor)
    {
        private readonly float[] values = [.. tensor.detach().contiguous().data<float>()];

        public long[] Shape { get; } = tensor.shape;

        public double this[int index] => values[index];
    }

    /// <summary>The tensors of a module by name, each used once.</summary>
    public sealed class StateDictionary(nn.Module module)
    {
        private readonly Dictionary<string, Tensor> tensors = module.state_dict();

        public IEnumerable<string> Unused => tensors.Keys.Where(name => !name.EndsWith("num_batches_tracked", StringComparison.Ordinal));

        public Weights Take(string name) => tensors.Remove(name, out Tensor? tensor)
            ? new Weights(tensor)
            : throw new KeyNotFoundException($"{name}; there are {string.Join(", ", Unused)}");

        public Weights? TryTake(string name) => tensors.ContainsKey(name) ? Take(name) : null;
    }
}
