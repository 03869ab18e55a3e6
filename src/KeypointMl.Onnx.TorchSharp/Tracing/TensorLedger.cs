using System.Runtime.CompilerServices;
using KeypointMl.Onnx.TorchSharp.Emitting;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tracing;

/// <summary>
/// Knows which value every live tensor object holds. Tensors are told apart by object, not by native handle: handles
/// are reused once a tensor is disposed, as <c>Sequential</c> does with its intermediate results. A digest of every
/// tensor's content shows later whether something changed it in place. Tensors that nothing else holds are not kept
/// alive.
/// </summary>
internal sealed class TensorLedger
{
    private readonly ConditionalWeakTable<Tensor, Entry> entries = [];
    private int recorded;

    /// <summary>The tensors that are alive and hold a value, the latest first.</summary>
    public IEnumerable<(Tensor Tensor, TracedValue Value)> Known => Alive()
        .Where(pair => pair.Entry.Value is not null && pair.Entry.Digest.IsOf(pair.Tensor))
        .OrderByDescending(pair => pair.Entry.Order)
        .Select(pair => (pair.Tensor, pair.Entry.Value!));

    /// <summary>Notes the value that a tensor holds.</summary>
    public void Record(Tensor tensor, TracedValue value) =>
        entries.AddOrUpdate(tensor, new Entry(value, value.Digest, StorageOf(tensor), recorded++, new WeakReference<Tensor>(tensor)));

    /// <summary>Finds the value that a tensor holds.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="value">The value; null if an operation in place made the tensor hold something that no traced module gave.</param>
    /// <returns>Whether the tensor is known: an input, made by a traced module, or an alias of one of these.</returns>
    public bool TryFind(Tensor tensor, out TracedValue? value)
    {
        if (entries.TryGetValue(tensor, out Entry? entry))
        {
            value = entry.Digest.IsOf(tensor) ? entry.Value : null;
            return true;
        }
        // Another object for the very same memory, as forward of an empty Sequential gives it.
        value = Known.FirstOrDefault(known => IsSameView(known.Tensor, tensor)).Value;
        return value is not null;
    }

    /// <summary>Whether a tensor was recorded, whatever it holds now.</summary>
    public bool Contains(Tensor tensor) => entries.TryGetValue(tensor, out _);

    /// <summary>Whether a tensor holds other numbers than when it was recorded.</summary>
    public bool HasChanged(Tensor tensor) => entries.TryGetValue(tensor, out Entry? entry) && !entry.Digest.IsOf(tensor);

    /// <summary>
    /// Accounts for a call that changed one of its arguments in place: every tensor that shares memory with the
    /// argument now holds the call's result, if it has the same layout as that, or something that no value of the graph
    /// holds.
    /// </summary>
    public void Overwrite(Tensor argument, IReadOnlyList<(Tensor Tensor, TracedValue Value)> results)
    {
        nint storage = StorageOf(argument);
        foreach ((Tensor tensor, Entry entry) in Alive().ToArray())
        {
            if (!ReferenceEquals(tensor, argument) && (storage == 0 || entry.Storage != storage))
                continue;
            TracedValue? value = results.FirstOrDefault(result => IsSameView(result.Tensor, tensor)).Value;
            if (value is null)
                entries.AddOrUpdate(tensor, entry with { Value = null });
            else
                Record(tensor, value);
        }
    }

    // The table also gives tensors that wait for their finalizer, which frees them at any moment; a weak reference does not.
    private IEnumerable<(Tensor Tensor, Entry Entry)> Alive()
    {
        foreach ((Tensor _, Entry entry) in entries)
        {
            if (entry.Object.TryGetTarget(out Tensor? tensor) && !tensor.IsInvalid)
                yield return (tensor, entry);
        }
    }

    private static bool IsSameView(Tensor left, Tensor right) =>
        StorageOf(left) is var storage && storage != 0 && storage == StorageOf(right) && SameLayout(left, right);

    private static bool SameLayout(Tensor left, Tensor right) =>
        left.shape.AsSpan().SequenceEqual(right.shape) && left.stride().AsSpan().SequenceEqual(right.stride())
        && left.storage_offset() == right.storage_offset();

    private static nint StorageOf(Tensor tensor)
    {
        // Asked for another element type, TorchSharp would convert the tensor and give the address of the conversion.
        if (tensor.dtype != ScalarType.Float32 || tensor.numel() == 0)
            return 0;
        using IDisposable scope = NewDisposeScope();
        return tensor.storage<float>().data_ptr();
    }

    private sealed record Entry(TracedValue? Value, ContentDigest Digest, nint Storage, int Order, WeakReference<Tensor> Object);
}

/// <summary>What made a tensor that no traced module made, for the middle of an error message.</summary>
/// <param name="Block">The block whose forward method was running; null if none was.</param>
/// <param name="Guess">The operation; null if it is not known.</param>
internal sealed record UntracedMaker(string? Block, string? Guess);
