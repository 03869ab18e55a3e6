using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

/// <summary>
/// Lets libtorch compute on one thread until disposed: the tensors of the cases are too small to share, and threads
/// that wait for each other cost most of the time.
/// </summary>
internal sealed class OneThread : IDisposable
{
    private readonly int threads = get_num_threads();

    public OneThread() => set_num_threads(1);

    public void Dispose() => set_num_threads(threads);
}
