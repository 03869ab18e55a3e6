using KeypointMl.Onnx.TorchSharp.Ops;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

/// <summary>Embedded tokens with learned positions through a transformer encoder; the mean over the text is classified.</summary>
internal sealed class TextClassifier : nn.Module<Tensor, Tensor>
{
    private readonly Embedding tokens = nn.Embedding(30, 16);
    private readonly AddPositions positions = new("positions", nn.Parameter(randn(12, 16)));
    private readonly Permute sequenceFirst = new("sequence_first", 1, 0, 2);
    private readonly TransformerEncoder encoder =
        nn.TransformerEncoder(nn.TransformerEncoderLayer(16, 4, 32, activation: nn.Activations.GELU), 2);
    private readonly Mean mean = new("mean", [0]);
    private readonly nn.Module<Tensor, Tensor> classes = nn.Linear(16, 3);

    public TextClassifier()
        : base("text") => RegisterComponents();

    // [N,T] → [N,T,16] → [T,N,16] → [N,16] → [N,3]
    public override Tensor forward(Tensor tokens) =>
        classes.call(mean.call(encoder.call(sequenceFirst.call(positions.call(this.tokens.call(tokens))))));
}
