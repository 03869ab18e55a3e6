using System.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tracing;

/// <summary>
/// The results of traced modules. A dispose scope would keep each of them until the end of the run, and the activations
/// of a network are often larger than its weights. So they leave the scope, a collection now and then frees those that
/// no forward method holds any more, and the rest goes at the end.
/// </summary>
/// <param name="scope">The run's scope. Tensors that are not its own, such as the example inputs, are left alone.</param>
internal sealed class IntermediateResults(DisposeScope scope) : IDisposable
{
    private const long BytesBetweenCollections = 32L << 20;
    private const long LargestKept = 1L << 16;
    private readonly List<WeakReference<Tensor>> tensors = [];
    private long bytes;

    /// <summary>Takes a result over from the scope.</summary>
    public void Add(Tensor tensor)
    {
        // The small ones cost little, and tell what made a tensor that is of no traced module.
        if (tensor.numel() <= LargestKept || !scope.Contains(tensor))
            return;
        tensors.Add(new WeakReference<Tensor>(scope.Detach(tensor)));
        bytes += tensor.numel() * tensor.element_size();
        // Whoever forbids collections has a reason; the results then wait.
        if (bytes < BytesBetweenCollections || GCSettings.LatencyMode == GCLatencyMode.NoGCRegion)
            return;
        bytes = 0;
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (WeakReference<Tensor> reference in tensors)
        {
            if (reference.TryGetTarget(out Tensor? tensor))
                tensor.Dispose();
        }
    }
}
