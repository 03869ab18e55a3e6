using KeypointMl.Onnx.TorchSharp.Emitting;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Converters;

/// <summary>
/// The layers of libtorch's transformers, which normalise after each sum (Vaswani et al., 2017, section 3.1):
/// attention, sum, norm, feed-forward, sum, norm.
/// </summary>
internal sealed class TransformerStack
{
    // libtorch's transformers make their layer norms with the default.
    private const double Epsilon = 1e-5;

    private readonly OnnxExportContext context;
    private readonly Dictionary<string, Tensor> parameters;
    private readonly TransformerShape shape;

    private TransformerStack(OnnxExportContext context, Dictionary<string, Tensor> parameters, TransformerShape shape) =>
        (this.context, this.parameters, this.shape) = (context, parameters, shape);

    public static TransformerStack Of(OnnxExportContext context, TransformerEncoderLayer module) =>
        Create(context, module, (shape, _) => shape.EncoderLayer(), (twin, probe) => twin.forward(probe));

    public static TransformerStack Of(OnnxExportContext context, TransformerEncoder module) =>
        Create(context, module, (shape, count) => nn.TransformerEncoder(shape.EncoderLayer(), count("")), (twin, probe) =>
            twin.forward(probe, null!, null!));

    public static TransformerStack Of(OnnxExportContext context, TransformerDecoderLayer module) =>
        Create(context, module, (shape, _) => shape.DecoderLayer(), (twin, probe) =>
            twin.forward(probe, probe, null!, null!, null!, null!));

    public static TransformerStack Of(OnnxExportContext context, TransformerDecoder module) =>
        Create(context, module, (shape, count) => nn.TransformerDecoder(shape.DecoderLayer(), count("")), (twin, probe) =>
            twin.forward(probe, probe, null!, null!, null!, null!));

    public static TransformerStack Of(OnnxExportContext context, Transformer module) =>
        Create(context, module, (shape, count) => shape.Transformer(count("encoder."), count("decoder.")), (twin, probe) =>
            twin.forward(probe, probe));

    /// <summary>Writes all layers of an encoder, and its last norm if it has one.</summary>
    public string Encode(string prefix, string x, string? mask)
    {
        for (int layer = 0; layer < CountLayers(prefix); layer++)
            x = EncodeLayer($"{prefix}layers.{layer}.", x, mask);
        return Normalize(prefix + "norm", x);
    }

    /// <summary>Writes all layers of a decoder, and its last norm if it has one.</summary>
    public string Decode(string prefix, string x, string memory, string? mask, string? memoryMask)
    {
        for (int layer = 0; layer < CountLayers(prefix); layer++)
            x = DecodeLayer($"{prefix}layers.{layer}.", x, memory, mask, memoryMask);
        return Normalize(prefix + "norm", x);
    }

    /// <summary>Writes a layer of an encoder.</summary>
    public string EncodeLayer(string prefix, string x, string? mask)
    {
        x = AddAndNormalize(prefix + "norm1", x, Attend(prefix + "self_attn.", x, x, mask));
        return AddAndNormalize(prefix + "norm2", x, FeedForward(prefix, x));
    }

    /// <summary>Writes a layer of a decoder.</summary>
    public string DecodeLayer(string prefix, string x, string memory, string? mask, string? memoryMask)
    {
        x = AddAndNormalize(prefix + "norm1", x, Attend(prefix + "self_attn.", x, x, mask));
        x = AddAndNormalize(prefix + "norm2", x, Attend(prefix + "multihead_attn.", x, memory, memoryMask));
        return AddAndNormalize(prefix + "norm3", x, FeedForward(prefix, x));
    }

    private static TransformerStack Create<TModule>(
        OnnxExportContext context, TModule module, Func<TransformerShape, Func<string, int>, TModule> create,
        Func<TModule, Tensor, Tensor> run)
        where TModule : nn.Module
    {
        Dictionary<string, Tensor> parameters =
            module.named_parameters().ToDictionary(entry => entry.name, entry => (Tensor)entry.parameter);
        Tensor inner = parameters.First(entry => entry.Key.EndsWith("linear1.weight", StringComparison.Ordinal)).Value;
        (long feedForward, long width) = (inner.shape[0], inner.shape[1]);
        TransformerShape shape = HiddenOption.Find(
            context,
            module,
            "number of heads and activation",
            [.. AttentionConverters.Divisors(width)
                .SelectMany(heads =>
                    new[] { nn.Activations.ReLU,
                        nn.Activations.GELU }.Select(activation => new TransformerShape(width, heads, feedForward, activation)))],
            shape => create(shape, prefix => CountLayers(parameters, prefix)),
            (twin, probe) => run(twin, probe([3, 2, width])));
        return new TransformerStack(context, parameters, shape);
    }

    private static int CountLayers(Dictionary<string, Tensor> parameters, string prefix) =>
        Enumerable.Range(0, int.MaxValue).First(layer => !parameters.ContainsKey($"{prefix}layers.{layer}.norm1.weight"));

    private int CountLayers(string prefix) => CountLayers(parameters, prefix);

    private string Attend(string prefix, string query, string source, string? mask) =>
        new AttentionLayer(context, parameters, prefix, shape.Heads).Write(query, source, source, mask).Output;

    private string FeedForward(string prefix, string x)
    {
        string wide = LinearConverters.Project(
            context, x, parameters[prefix + "linear1.weight"], parameters[prefix + "linear1.bias"], prefix + "linear1");
        string active = shape.Activation == nn.Activations.GELU
            ? ActivationConverters.Gelu(context, wide)
            : context.Node("Relu", [wide]);
        return LinearConverters.Project(
            context, active, parameters[prefix + "linear2.weight"], parameters[prefix + "linear2.bias"], prefix + "linear2");
    }

    private string AddAndNormalize(string norm, string x, string change) => Normalize(norm, context.Node("Add", [x, change]));

    private string Normalize(string norm, string x) => parameters.TryGetValue(norm + ".weight", out Tensor? weight)
        ? NormalizationConverters.Layer(context, x, weight, parameters[norm + ".bias"], 1, Epsilon)
        : x;
}

/// <summary>With what a transformer's layers are made.</summary>
/// <param name="Width">Features of an element of the sequence.</param>
/// <param name="Heads">Heads of an attention.</param>
/// <param name="FeedForward">Features between the two linear layers.</param>
/// <param name="Activation">The function between the two linear layers.</param>
internal sealed record TransformerShape(long Width, long Heads, long FeedForward, nn.Activations Activation)
{
    public TransformerEncoderLayer EncoderLayer() => nn.TransformerEncoderLayer(Width, Heads, FeedForward, 0, Activation);

    public TransformerDecoderLayer DecoderLayer() => nn.TransformerDecoderLayer(Width, Heads, FeedForward, 0, Activation);

    public Transformer Transformer(long encoders, long decoders) =>
        nn.Transformer(Width, Heads, encoders, decoders, FeedForward, 0, Activation);
}
