using KeypointMl.Inference.Contracts;
using KeypointMl.Inference.Sessions;
using Microsoft.ML.OnnxRuntime;

namespace KeypointMl.Inference.Generation;

/// <summary>The reused memory of one image being generated.</summary>
internal sealed class GeneratorBuffers : IDisposable
{
    private static readonly string[] InputNames = ["keypoints", "appearance"];
    private static readonly string[] OutputNames = ["image"];

    private readonly RunOptions runOptions = new();

    public GeneratorBuffers(ModelContract contract, int capacity)
    {
        Keypoints = new TensorBuffer<float>(capacity, contract.KeypointCount, 2);
        Appearance = new TensorBuffer<byte>(capacity, contract.Height, contract.Width, 3);
        Images = new TensorBuffer<byte>(capacity, contract.Height, contract.Width, 3);
    }

    public TensorBuffer<float> Keypoints { get; } // [N,K,2]

    public TensorBuffer<byte> Appearance { get; } // [N,H,W,3]

    public TensorBuffer<byte> Images { get; } // [N,H,W,3]

    public void Run(SharedSession session, int count) =>
        session.Run(runOptions, InputNames, [Keypoints.Tensor(count), Appearance.Tensor(count)], OutputNames, [Images.Tensor(count)]);

    public void Dispose()
    {
        Keypoints.Dispose();
        Appearance.Dispose();
        Images.Dispose();
        runOptions.Dispose();
    }
}
