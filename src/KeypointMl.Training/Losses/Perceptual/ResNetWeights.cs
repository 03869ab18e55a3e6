using System.Collections.Immutable;
using KeypointMl.Training.Checkpoints.Weights;

namespace KeypointMl.Training.Losses.Perceptual;

/// <summary>
/// The weights of a residual network: of a file under torchvision's names (<c>layer1.0.conv1.weight</c>), or of the ONNX
/// graph that ML.NET's package <c>Microsoft.ML.DnnImageFeaturizer.ResNet18</c> brings. A file of another network is
/// refused.
/// </summary>
internal sealed class ResNetWeights
{
    /// <summary>The package that has the weights of <see cref="ResNetArchitecture.ResNet18"/>, trained on ImageNet.</summary>
    public const string Package = "Microsoft.ML.DnnImageFeaturizer.ResNet18";

    // PyTorch's and CNTK's.
    private const double Epsilon = 1e-5;

    private readonly string path;
    private readonly ResNetArchitecture architecture;
    private readonly IReadOnlyDictionary<string, WeightArray> arrays;

    private ResNetWeights(string path, ResNetArchitecture architecture, IReadOnlyDictionary<string, WeightArray> arrays)
    {
        (this.path, this.architecture, this.arrays) = (path, architecture, arrays);
        foreach (ResNetLayer layer in architecture.Layers())
        {
            Require($"{layer.Name}.weight", [layer.Outputs, layer.Inputs, layer.Kernel, layer.Kernel]);
            foreach (string part in (ReadOnlySpan<string>)["weight", "bias", "running_mean", "running_var"])
                Require($"{layer.Normalization}.{part}", [layer.Outputs]);
        }
        HashSet<string> expected = [.. architecture.Layers().Select(layer => $"{layer.Name}.weight")];
        if (arrays.FirstOrDefault(array =>
            array.Value.Shape.Length == 4 && architecture.IsCompared(array.Key) && !expected.Contains(array.Key)).Key is { } extra)
        {
            throw Wrong($"it has {extra} {arrays[extra].Description}, which {architecture.Name} has not");
        }
    }

    /// <summary>The mean of red, green and blue, 0…255, that is subtracted from an image.</summary>
    public required ImmutableArray<float> Mean { get; init; }

    /// <summary>What the rest is divided by.</summary>
    public required ImmutableArray<float> StandardDeviation { get; init; }

    /// <summary>Where the package puts its file: beside the program.</summary>
    public static string PathBesideProgram { get; } =
        Path.Combine(AppContext.BaseDirectory, "DnnImageModels", "ResNet18Onnx", "ResNet18.onnx");

    /// <summary>Opens a file, or the package's where none is named.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// It is of no known format, damaged, or of another network; the message says what is missing or differs.
    /// </exception>
    public static ResNetWeights Open(string? path, ResNetArchitecture architecture)
    {
        if (path is null && !File.Exists(PathBesideProgram))
        {
            throw new FileNotFoundException(
                $"The weights of {architecture.Name} are not beside this program ({PathBesideProgram}). 'dotnet add package {Package}' "
                + "puts them there; or name a file of them in losses.perceptual.weights.",
                PathBesideProgram);
        }
        path ??= PathBesideProgram;
        if (Path.GetExtension(path).Equals(".onnx", StringComparison.OrdinalIgnoreCase))
        {
            return new ResNetWeights(path, architecture, ResNetGraph.Open(path, architecture))
            {
                // The file of the means that comes with the graph has one for every pixel: these are theirs.
                Mean = [123.152f, 115.903f, 103.063f],
                StandardDeviation = [1, 1, 1],
            };
        }
        return new ResNetWeights(path, architecture, WeightFile.Open(path))
        {
            Mean = [255 * 0.485f, 255 * 0.456f, 255 * 0.406f],
            StandardDeviation = [255 * 0.229f, 255 * 0.224f, 255 * 0.225f],
        };
    }

    /// <summary>
    /// A convolution with its batch normalisation in it: kernel · γ/√(σ²+ε) and β − μ·γ/√(σ²+ε).
    /// </summary>
    public (float[] Kernel, float[] Bias) Fold(ResNetLayer layer)
    {
        float[] kernel = arrays[$"{layer.Name}.weight"].Read();
        float[] gamma = arrays[$"{layer.Normalization}.weight"].Read();
        float[] beta = arrays[$"{layer.Normalization}.bias"].Read();
        float[] mean = arrays[$"{layer.Normalization}.running_mean"].Read();
        float[] variance = arrays[$"{layer.Normalization}.running_var"].Read();
        var folded = new float[kernel.Length];
        var bias = new float[layer.Outputs];
        int filter = kernel.Length / layer.Outputs;
        for (int output = 0; output < layer.Outputs; output++)
        {
            double scale = gamma[output] / Math.Sqrt(variance[output] + Epsilon);
            bias[output] = (float)(beta[output] - mean[output] * scale);
            for (int i = output * filter; i < (output + 1) * filter; i++)
                folded[i] = (float)(kernel[i] * scale);
        }
        return (folded, bias);
    }

    private void Require(string name, ReadOnlySpan<long> shape)
    {
        if (arrays.GetValueOrDefault(name) is not { } array)
            throw Wrong($"it has no '{name}'");
        if (!array.Shape.AsSpan().SequenceEqual(shape))
            throw Wrong($"{name} is {array.Description}; expected [{string.Join(", ", shape.ToArray())}]");
    }

    private InvalidDataException Wrong(string what) => new(
        $"'{path}' is not {architecture.Name}: {what}. Give the weights of that network, or set losses.perceptual.network to the one "
        + "these are of.");
}
