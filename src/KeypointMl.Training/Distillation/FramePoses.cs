using KeypointMl.Data.Frames;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Distillation;

/// <summary>
/// What a detector that does not change sees in the training frames, found out once for every frame and when it is
/// first asked for. Frames are looked at in fixed blocks, so that a resumed run sees the same numbers.
/// </summary>
/// <param name="frames">The training frames.</param>
/// <param name="detect">Images [N,3,H,W] in [−1,1] → whatever is to be kept of them, [N,…].</param>
/// <param name="device">Where.</param>
internal sealed class FramePoses(IFrameSet frames, Func<Tensor, Tensor> detect, Device device) : IDisposable
{
    private readonly Dictionary<int, Tensor> blocks = [];

    /// <summary>What was kept of some frames, [N,…].</summary>
    public Tensor Of(IReadOnlyList<int> indices) =>
        stack([.. indices.Select(index => Block(index / FrameBlocks.Size)[index % FrameBlocks.Size])]);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor block in blocks.Values)
            block.Dispose();
        blocks.Clear();
    }

    private Tensor Block(int number)
    {
        if (blocks.TryGetValue(number, out Tensor? known))
            return known;
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        // The last block repeats the last frame: all blocks are of one size, so that all convolutions are.
        int count = FrameBlocks.Size;
        byte[] bytes = FrameBlocks.Read(
            frames, [.. Enumerable.Range(number * count, count).Select(index => Math.Min(index, frames.Count - 1))]);
        Tensor found = detect(ImageTensors.FromBytes(bytes, count, frames.Height, frames.Width, device)).DetachFromDisposeScope();
        blocks.Add(number, found);
        return found;
    }
}
