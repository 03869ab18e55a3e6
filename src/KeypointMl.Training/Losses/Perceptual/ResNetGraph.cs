using KeypointMl.Onnx.Evaluation;
using KeypointMl.Onnx.Model;
using KeypointMl.Training.Checkpoints.Weights;

namespace KeypointMl.Training.Losses.Perceptual;

/// <summary>
/// Reads a residual network's weights from an ONNX graph, whose convolutions are each followed by their batch
/// normalisation, and gives them torchvision's names. The graph sees blue, green, red, as Caffe's and CNTK's do; here
/// the first kernel is turned to red, green, blue.
/// </summary>
internal static class ResNetGraph
{
    private static readonly string[] NormalizationParts = ["weight", "bias", "running_mean", "running_var"];

    /// <summary>The weights by torchvision's names.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no ONNX file, or its graph is not that network.</exception>
    public static IReadOnlyDictionary<string, WeightArray> Open(string path, ResNetArchitecture architecture)
    {
        WeightFile.Require(path);
        OnnxModel model;
        try
        {
            model = OnnxModel.Load(path);
        }
        catch (OnnxException error)
        {
            throw new InvalidDataException(error.Message, error);
        }
        ILookup<string, OnnxInitializer> stored = model.Initializers.ToLookup(one => one.Name, StringComparer.Ordinal);
        ILookup<string, OnnxNode> readers = model.Nodes.SelectMany(node => node.Inputs.Select(input => (input, node)))
            .ToLookup(pair => pair.input, pair => pair.node, StringComparer.Ordinal);
        // In the graph's order shortcuts may stand before or after what they pass by: each kind by itself.
        ILookup<bool, OnnxNode> convolutions = model.Nodes.Where(node => node.OpType == "Conv").ToLookup(IsShortcut);
        ILookup<bool, ResNetLayer> layers = architecture.Layers().ToLookup(layer => layer.Kernel == 1);
        var arrays = new Dictionary<string, WeightArray>(StringComparer.Ordinal);
        foreach (bool kind in (ReadOnlySpan<bool>)[false, true])
        {
            if (convolutions[kind].Count() < layers[kind].Count())
            {
                throw Wrong($"it has {convolutions[kind].Count()} convolutions {(kind ? "of one pixel" : "of more than one pixel")}; "
                    + $"expected {layers[kind].Count()} or more");
            }
            foreach ((OnnxNode node, ResNetLayer layer) in convolutions[kind].Zip(layers[kind]))
                Add(node, layer);
        }
        return arrays;

        bool IsShortcut(OnnxNode node) =>
            node.Inputs is [_, var kernel, ..] && stored[kernel].FirstOrDefault() is { Dimensions: [_, _, 1, 1] };

        void Add(OnnxNode node, ResNetLayer layer)
        {
            if (node is not { Inputs: [_, var weight], Outputs: [var output] })
                throw Wrong($"its convolution '{node.Name}' has {node.Inputs.Length} inputs; expected an image and a kernel, without bias");
            if (readers[output].ToList() is not [{ OpType: "BatchNormalization" } normalization])
                throw Wrong($"its convolution '{node.Name}' is not followed by a batch normalisation alone");
            WeightArray kernel = Stored(weight);
            arrays[$"{layer.Name}.weight"] = layer == architecture.Stem
                ? kernel with { Read = () => WithChannelsReversed(kernel) }
                : kernel;
            foreach ((string part, string input) in NormalizationParts.Zip(normalization.Inputs.Skip(1)))
                arrays[$"{layer.Normalization}.{part}"] = Stored(input);
        }

        WeightArray Stored(string name) => stored[name].FirstOrDefault() is { ElementType: OnnxElementType.Float } initializer
            ? new WeightArray(initializer.Dimensions, () => model.ReadFloats(name))
            : throw Wrong($"'{name}' is no stored tensor of 32-bit floats");

        InvalidDataException Wrong(string what) => new(
            $"'{path}' is not {architecture.Name}: {what}. Give that network as the package {ResNetWeights.Package} has it, or its weights "
            + "as torchvision names them.");
    }

    private static float[] WithChannelsReversed(WeightArray kernel)
    {
        float[] from = kernel.Read();
        var to = new float[from.Length];
        int channels = (int)kernel.Shape[1];
        int plane = (int)(kernel.Shape[2] * kernel.Shape[3]);
        for (int i = 0; i < from.Length / plane; i++)
        {
            int turned = i / channels * channels + channels - 1 - i % channels;
            from.AsSpan(i * plane, plane).CopyTo(to.AsSpan(turned * plane));
        }
        return to;
    }
}
