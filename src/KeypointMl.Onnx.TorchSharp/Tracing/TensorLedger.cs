using TorchSharp;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>
/// Knows which value every live tensor object holds. Tensors are told apart by object, not by native handle: handles are reused once a tensor is disposed, as
/// <c>Sequential</c> does with its intermediate results. A copy of every tensor's content shows later whether something changed it in place.
/// </summary>
internal sealed class TensorLedger : IDisposable
{
    private readonly Dictionary<Tensor, Entry> _entries = new(ReferenceEqualityComparer.Instance);
    private readonly List<(Tensor Copy, TracedValue Value)> _recorded = [];

    /// <summary>The contents and values of the tensors known, the latest first.</summary>
    public IEnumerable<(Tensor Content, TracedValue Value)> Known => _recorded.AsEnumerable().Reverse();

    /// <summary>Notes the value that a tensor holds.</summary>
    public void Record(Tensor tensor, TracedValue value)
    {
        Tensor copy = tensor.detach().clone().DetachFromDisposeScope();
        _recorded.Add((copy, value));
        _entries[tensor] = new Entry(value, copy, StorageOf(tensor));
    }

    /// <summary>Finds the value that a tensor holds.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <param name="value">The value; null if an operation in place made the tensor hold something that no traced module gave.</param>
    /// <returns>Whether the tensor is known: an input, or made by a traced module.</returns>
    public bool TryFind(Tensor tensor, out TracedValue? value)
    {
        bool known = _entries.TryGetValue(tensor, out Entry? entry);
        value = known && SameContent(tensor, entry!.Copy) ? entry.Value : null;
        return known;
    }

    /// <summary>Whether a tensor holds other numbers than when it was recorded.</summary>
    public bool HasChanged(Tensor tensor) => !SameContent(tensor, _entries[tensor].Copy);

    /// <summary>
    /// Accounts for a call that changed one of its arguments in place: every tensor that shares memory with the argument now holds the call's result, if it has the
    /// same layout as that, or something that no value of the graph holds.
    /// </summary>
    public void Overwrite(Tensor argument, IReadOnlyList<(Tensor Tensor, TracedValue Value)> results)
    {
        nint storage = StorageOf(argument);
        foreach ((Tensor tensor, Entry entry) in _entries.ToArray())
        {
            if (tensor.IsInvalid || (!ReferenceEquals(tensor, argument) && (storage == 0 || entry.Storage != storage)))
                continue;
            TracedValue? value = results.FirstOrDefault(result => IsSameView(result.Tensor, tensor)).Value;
            if (value is null)
                _entries[tensor] = entry with { Value = null };
            else
                Record(tensor, value);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((Tensor copy, _) in _recorded)
            copy.Dispose();
        _recorded.Clear();
        _entries.Clear();
    }

    private static bool IsSameView(Tensor left, Tensor right) => StorageOf(left) is var storage && storage != 0 && storage == StorageOf(right) && SameLayout(left, right);

    private static bool SameLayout(Tensor left, Tensor right) =>
        left.shape.AsSpan().SequenceEqual(right.shape) && left.stride().AsSpan().SequenceEqual(right.stride()) && left.storage_offset() == right.storage_offset();

    private static bool SameContent(Tensor tensor, Tensor copy)
    {
        using IDisposable scope = NewDisposeScope();
        if (!tensor.shape.AsSpan().SequenceEqual(copy.shape))
            return false;
        // A plain comparison would call a tensor that holds NaN changed.
        return tensor.eq(copy).logical_or(tensor.isnan().logical_and(copy.isnan())).all().ToBoolean();
    }

    private static nint StorageOf(Tensor tensor)
    {
        // Asked for another element type, TorchSharp would convert the tensor and give the address of the conversion.
        if (tensor.dtype != ScalarType.Float32 || tensor.numel() == 0)
            return 0;
        using IDisposable scope = NewDisposeScope();
        return tensor.storage<float>().data_ptr();
    }

    private sealed record Entry(TracedValue? Value, Tensor Copy, nint Storage);
}
