namespace KeypointMl.Training.Checkpoints.Weights;

/// <summary>The element types of PyTorch's storages that a state dict of weights has.</summary>
internal enum PyTorchType
{
    Float,
    Double,
    Half,
    BFloat16,
    Int,
    Long,
}

/// <summary>A storage: a flat array that tensors are views of.</summary>
/// <param name="Type">The element type.</param>
/// <param name="Key">Its name in the file.</param>
/// <param name="Count">The number of elements.</param>
internal sealed record PyTorchStorage(PyTorchType Type, string Key, long Count)
{
    /// <summary>The number of bytes.</summary>
    public long Bytes => Count * SizeOf(Type);

    public static int SizeOf(PyTorchType type) => type switch
    {
        PyTorchType.Half or PyTorchType.BFloat16 => 2,
        PyTorchType.Float or PyTorchType.Int => 4,
        _ => 8,
    };
}

/// <summary>A tensor: a view of a storage.</summary>
/// <param name="Storage">The storage.</param>
/// <param name="Offset">Its first element.</param>
/// <param name="Shape">The sizes.</param>
/// <param name="Strides">How many elements of the storage a step along each dimension is.</param>
internal sealed record PyTorchTensor(PyTorchStorage Storage, long Offset, long[] Shape, long[] Strides);
