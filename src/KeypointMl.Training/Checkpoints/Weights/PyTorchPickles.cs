using System.Text;
using KeypointMl.Data.Formats.Pickles;

namespace KeypointMl.Training.Checkpoints.Weights;

/// <summary>
/// What <c>torch.save</c> writes for a state dict: the Python names that it refers to, and what they mean here. There
/// are no others.
/// </summary>
internal sealed class PyTorchPickles : PickleDialect
{
    private static readonly PickleGlobal OrderedDictionary = new("collections", "OrderedDict");
    private static readonly PickleGlobal RebuildTensor = new("torch._utils", "_rebuild_tensor_v2");
    private static readonly PickleGlobal RebuildParameter = new("torch._utils", "_rebuild_parameter");

    private static readonly Dictionary<PickleGlobal, PyTorchType> Storages = new()
    {
        [new("torch", "FloatStorage")] = PyTorchType.Float,
        [new("torch", "DoubleStorage")] = PyTorchType.Double,
        [new("torch", "HalfStorage")] = PyTorchType.Half,
        [new("torch", "BFloat16Storage")] = PyTorchType.BFloat16,
        [new("torch", "IntStorage")] = PyTorchType.Int,
        [new("torch", "LongStorage")] = PyTorchType.Long,
    };

    /// <summary>The only one: it has no state.</summary>
    public static PyTorchPickles Instance { get; } = new();

    /// <inheritdoc/>
    public override int HighestProtocol => 2;

    /// <inheritdoc/>
    public override Encoding Bytes => Encoding.UTF8;

    /// <inheritdoc/>
    public override PickleGlobal Check(PickleGlobal global) => global == OrderedDictionary || global == RebuildTensor
        || global == RebuildParameter || Storages.ContainsKey(global)
        ? global
        : throw new InvalidDataException(
            $"the file refers to Python's '{global}', which is not part of a state dict of weights; "
            + "nothing of the file was run. Save the state dict alone: torch.save(model.state_dict(), path)");

    /// <inheritdoc/>
    public override object Call(PickleGlobal callable, object?[] arguments)
    {
        if (callable == OrderedDictionary)
            return MakeDictionary(arguments);
        if (callable == RebuildTensor)
            return MakeTensor(arguments);
        if (callable == RebuildParameter && arguments is [PyTorchTensor data, ..])
            return data;
        throw new InvalidDataException($"'{callable}' is called with arguments that it does not take");
    }

    /// <summary>
    /// A persistent id: <c>('storage', torch.FloatStorage, key, location, count)</c>, in older files with a sixth part
    /// for views.
    /// </summary>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public override object Persistent(object? id)
    {
        if (id is not object?[] { Length: 5 or 6 } parts || parts is not ["storage", PickleGlobal type, string key, _, long count, ..]
            || !Storages.TryGetValue(type, out PyTorchType known))
            throw new InvalidDataException("a persistent id is no storage of a known type");
        if (parts is [_, _, _, _, _, not null])
        {
            throw new InvalidDataException(
                $"storage '{key}' is a view of another one, which PyTorch has not written since version 0.4; save the state dict again");
        }
        return count is >= 0 and < long.MaxValue / 8
            ? new PyTorchStorage(known, key, count)
            : throw new InvalidDataException($"storage '{key}' claims {count} elements");
    }

    /// <summary>The attributes of a state dict (its <c>_metadata</c>) tell module versions, which weights do not need.</summary>
    public override void SetState(object? target, object? state)
    {
        if (target is not Dictionary<object, object?>)
            throw new InvalidDataException("attributes are set on something that is no state dict");
    }

    private static Dictionary<object, object?> MakeDictionary(object?[] arguments)
    {
        var dictionary = new Dictionary<object, object?>();
        if (arguments.Length == 0)
            return dictionary;
        // Python 2 hands over the items as a list of pairs.
        if (arguments is not [List<object?> items])
            throw new InvalidDataException("an OrderedDict is made of something that is no list");
        foreach (object? item in items)
        {
            (object? key, object? value) = item switch
            {
                List<object?> { Count: 2 } pair => (pair[0], pair[1]),
                object?[] { Length: 2 } pair => (pair[0], pair[1]),
                _ => (null, null),
            };
            dictionary[key as string ?? throw new InvalidDataException("an OrderedDict has a key that is no text")] = value;
        }
        return dictionary;
    }

    private static PyTorchTensor MakeTensor(object?[] arguments)
    {
        if (arguments is not [PyTorchStorage storage, long offset, object?[] size, object?[] stride, ..] || size.Length != stride.Length)
            throw new InvalidDataException("a tensor is not made of a storage, an offset, sizes and as many strides");
        var tensor = new PyTorchTensor(storage, offset, Numbers(size), Numbers(stride));
        // In Int128, so that no product of claims overflows.
        Int128 last = offset;
        Int128 count = 1;
        for (int i = 0; i < tensor.Shape.Length; i++)
        {
            count *= tensor.Shape[i];
            if (count > storage.Count)
            {
                throw new InvalidDataException(
                    $"a tensor of [{string.Join(", ", tensor.Shape)}] has more elements than its storage '{storage.Key}', "
                    + $"which has {storage.Count}");
            }
            last += (Int128)Math.Max(0, tensor.Shape[i] - 1) * tensor.Strides[i];
        }
        if (offset < 0 || (count > 0 && last >= storage.Count))
            throw new InvalidDataException($"a tensor reaches to element {last} of its storage '{storage.Key}', which has {storage.Count}");
        return tensor;
    }

    private static long[] Numbers(object?[] values) =>
        Array.ConvertAll(values, value => value is long and >= 0 and <= int.MaxValue
            ? (long)value
            : throw new InvalidDataException("a tensor's size or stride is no whole number from 0 to 2³¹−1"));
}
