using KeypointMl.Inference.Contracts;
using KeypointMl.Inference.Sessions;
using Microsoft.ML.OnnxRuntime;

namespace KeypointMl.Inference.Detection;

/// <summary>The reused memory of one running batch: input, outputs, and the arrays of ONNX Runtime's call.</summary>
internal class DetectorBuffers : IDisposable
{
    protected static readonly string[] InputNames = ["image"];
    protected static readonly string[] OutputNames = ["keypoints", "confidence"];

    private readonly bool pads;
    private readonly OrtValue[] inputs = new OrtValue[1];
    private readonly OrtValue[] outputs = new OrtValue[2];

    /// <param name="contract">The graph's shapes.</param>
    /// <param name="capacity">The number of slots.</param>
    /// <param name="pads">Whether every run is of all slots.</param>
    public DetectorBuffers(ModelContract contract, int capacity, bool pads)
    {
        this.pads = pads;
        Capacity = capacity;
        Images = new TensorBuffer<byte>(capacity, contract.Height, contract.Width, 3);
        Keypoints = new TensorBuffer<float>(capacity, contract.KeypointCount, 2);
        Confidence = new TensorBuffer<float>(capacity, contract.KeypointCount);
    }

    public TensorBuffer<byte> Images { get; } // [N,H,W,3]

    public TensorBuffer<float> Keypoints { get; } // [N,K,2]

    public TensorBuffer<float> Confidence { get; } // [N,K]

    protected int Capacity { get; }

    protected RunOptions RunOptions { get; } = new();

    /// <summary>Runs the graph on the first slots.</summary>
    public void Run(SharedSession session, int count)
    {
        if (pads)
        {
            Images.Rows(Capacity)[(count * Images.RowLength)..].Clear();
            count = Capacity;
        }
        RunRows(session, count);
    }

    public virtual void Dispose()
    {
        Images.Dispose();
        Keypoints.Dispose();
        Confidence.Dispose();
        RunOptions.Dispose();
    }

    protected virtual void RunRows(SharedSession session, int count)
    {
        inputs[0] = Images.Tensor(count);
        outputs[0] = Keypoints.Tensor(count);
        outputs[1] = Confidence.Tensor(count);
        session.Run(RunOptions, InputNames, inputs, OutputNames, outputs);
    }
}
