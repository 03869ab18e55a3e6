using KeypointMl.Training.Checkpoints.Weights;

namespace KeypointMl.Training.Losses.Perceptual;

/// <summary>
/// The convolutions' kernels and biases of a VGG network, found in a weight file under the names of MatConvNet and
/// Caffe (<c>conv3_2.weight</c>) or of torchvision (<c>features.12.weight</c>), and refused unless every convolution of
/// the network is there in its shape and none beside.
/// </summary>
internal static class VggWeights
{
    private const int Kernel = 3;
    private const int ListedArrays = 12;

    /// <summary>Kernel [output,input,3,3] and bias [output] of every layer, in order.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="InvalidDataException">
    /// It is of no known format, damaged, or of another network; the message says what is missing or differs.
    /// </exception>
    public static IReadOnlyList<(VggLayer Layer, WeightArray Kernel, WeightArray Bias)> Open(string path, VggArchitecture architecture)
    {
        IReadOnlyDictionary<string, WeightArray> arrays = WeightFile.Open(path);
        VggLayer[] layers = [.. architecture.Layers()];
        Func<VggLayer, string> nameOf = arrays.ContainsKey($"{layers[0].Name}.weight")
            ? layer => layer.Name
            : layer => $"features.{layer.Position}";
        var found = new List<(VggLayer, WeightArray, WeightArray)>();
        foreach (VggLayer layer in layers)
        {
            WeightArray kernel = Find($"{nameOf(layer)}.weight", layer);
            WeightArray bias = Find($"{nameOf(layer)}.bias", layer);
            if (!kernel.Shape.AsSpan().SequenceEqual([layer.Outputs, Inputs(layer, kernel), Kernel, Kernel]))
            {
                throw Wrong($"{nameOf(layer)}.weight is {kernel.Description}; "
                    + $"expected [{layer.Outputs}, {layer.Inputs}, {Kernel}, {Kernel}] of its {layer.Name}");
            }
            if (bias.Shape.Aggregate(1L, (product, size) => product * size) != layer.Outputs)
                throw Wrong($"{nameOf(layer)}.bias is {bias.Description}; expected [{layer.Outputs}] of its {layer.Name}");
            found.Add((layer, kernel, bias));
        }
        HashSet<string> expected = [.. layers.Select(layer => $"{nameOf(layer)}.weight")];
        if (arrays.FirstOrDefault(array => array.Value.Shape.Length == 4 && IsConvolution(array.Key)
            && !expected.Contains(array.Key)).Key is { } extra)
            throw Wrong($"it has {extra} {arrays[extra].Description}, which {architecture.Name} has not");
        return found;

        WeightArray Find(string name, VggLayer layer) => arrays.GetValueOrDefault(name)
            ?? throw Wrong($"it has no '{name}', the {(name.EndsWith("bias", StringComparison.Ordinal) ? "bias" : "kernel")} "
            + $"of {layer.Name}");

        InvalidDataException Wrong(string what) => new(
            $"'{path}' is not {architecture.Name}: {what}. "
            + $"Its arrays are {string.Join(", ", arrays.Take(ListedArrays).Select(array => $"{array.Key} {array.Value.Description}"))}{(arrays.Count > ListedArrays ? $" and {arrays.Count - ListedArrays} more" : "")}. "
            + "Give the weights of that network, or set losses.perceptual.network to the one these are of.");
    }

    // A network trained by colorization sees grey images: its first convolution has one input.
    private static int Inputs(VggLayer layer, WeightArray kernel) =>
        layer is { Block: 0, Index: 0 } && kernel.Shape is [_, 1, ..] ? 1 : layer.Inputs;

    private static bool IsConvolution(string name) =>
        name.EndsWith(".weight", StringComparison.Ordinal)
        && (name.StartsWith("conv", StringComparison.Ordinal) || name.StartsWith("features.", StringComparison.Ordinal));
}
