using Microsoft.ML.OnnxRuntime;

namespace KeypointMl.Inference;

/// <summary>The reused memory of one running batch: input, outputs, and the arrays of ONNX Runtime's call.</summary>
internal sealed class DetectorBuffers : IDisposable
{
    private static readonly string[] InputNames = ["image"];
    private static readonly string[] OutputNames = ["keypoints", "confidence"];

    private readonly RunOptions runOptions = new();
    private readonly OrtValue[] inputs = new OrtValue[1];
    private readonly OrtValue[] outputs = new OrtValue[2];

    public DetectorBuffers(ModelContract contract, int capacity)
    {
        Images = new TensorBuffer<byte>(capacity, contract.Height, contract.Width, 3);
        Keypoints = new TensorBuffer<float>(capacity, contract.KeypointCount, 2);
        Confidence = new TensorBuffer<float>(capacity, contract.KeypointCount);
    }

    public TensorBuffer<byte> Images { get; } // [N,H,W,3]

    public TensorBuffer<float> Keypoints { get; } // [N,K,2]

    public TensorBuffer<float> Confidence { get; } // [N,K]

    public void Run(SharedSession session, int count)
    {
        inputs[0] = Images.Tensor(count);
        outputs[0] = Keypoints.Tensor(count);
        outputs[1] = Confidence.Tensor(count);
        session.Run(runOptions, InputNames, inputs, OutputNames, outputs);
    }

    public void Dispose()
    {
        Images.Dispose();
        Keypoints.Dispose();
        Confidence.Dispose();
        runOptions.Dispose();
    }
}
