using KeypointMl.Onnx.TorchSharp.Ops;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

/// <summary>Sequences through a bidirectional LSTM; the last states of its last layer are classified.</summary>
internal sealed class SequenceClassifier : nn.Module<Tensor, Tensor>
{
    private readonly LSTM lstm = nn.LSTM(5, 8, 2, batchFirst: true, bidirectional: true);
    private readonly Slice last = new("last", 0, -2);
    private readonly Permute batchFirst = new("batch_first", 1, 0, 2);
    private readonly nn.Module<Tensor, Tensor> head =
        nn.Sequential(("flatten", nn.Flatten()), ("drop", nn.Dropout()), ("classes", nn.Linear(16, 4)), ("softmax", nn.Softmax(1)));

    public SequenceClassifier()
        : base("sequence") => RegisterComponents();

    // [N,T,5] → [4,N,8] → [2,N,8] → [N,2,8] → [N,4]
    public override Tensor forward(Tensor sequences) => head.call(batchFirst.call(last.call(lstm.call(sequences).Item2)));
}
