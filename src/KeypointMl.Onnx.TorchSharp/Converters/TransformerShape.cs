using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>With what a transformer's layers are made.</summary>
/// <param name="Width">Features of an element of the sequence.</param>
/// <param name="Heads">Heads of an attention.</param>
/// <param name="FeedForward">Features between the two linear layers.</param>
/// <param name="Activation">The function between the two linear layers.</param>
internal sealed record TransformerShape(long Width, long Heads, long FeedForward, nn.Activations Activation)
{
    public TransformerEncoderLayer EncoderLayer() => nn.TransformerEncoderLayer(Width, Heads, FeedForward, 0, Activation);

    public TransformerDecoderLayer DecoderLayer() => nn.TransformerDecoderLayer(Width, Heads, FeedForward, 0, Activation);

    public Transformer Transformer(long encoders, long decoders) => nn.Transformer(Width, Heads, encoders, decoders, FeedForward, 0, Activation);
}
