using System.Collections.Immutable;

namespace KeypointMl.Training.Checkpoints.Safetensors;

/// <summary>A named tensor of a safetensors file.</summary>
public sealed class SafetensorsTensor
{
    /// <summary>Checks and stores the parts; the data is not copied.</summary>
    /// <param name="name">Its name in the file; not empty, and not <c>__metadata__</c>.</param>
    /// <param name="type">The element type.</param>
    /// <param name="shape">The sizes; empty for a scalar.</param>
    /// <param name="data">The elements, little-endian, row-major, without padding.</param>
    /// <exception cref="ArgumentException">
    /// The name is reserved, a size is negative, or the number of bytes is not what type and shape ask for.
    /// </exception>
    public SafetensorsTensor(string name, SafetensorsType type, ImmutableArray<long> shape, ReadOnlyMemory<byte> data)
    {
        if (name is "" or SafetensorsHeader.MetadataName)
            throw new ArgumentException($"'{name}' cannot name a tensor in a safetensors file.", nameof(name));
        long expected = SafetensorsHeader.ByteCount(type, shape.AsSpan())
            ?? throw new ArgumentException($"Tensor '{name}' has an impossible shape [{string.Join(", ", shape)}].", nameof(shape));
        if (data.Length != expected)
        {
            throw new ArgumentException(
                $"Tensor '{name}' of type {type} and shape [{string.Join(", ", shape)}] has {expected} bytes; "
                + $"{data.Length} were given.", nameof(data));
        }
        (Name, Type, Shape, Data) = (name, type, shape, data);
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>The element type.</summary>
    public SafetensorsType Type { get; }

    /// <summary>The sizes; empty for a scalar.</summary>
    public ImmutableArray<long> Shape { get; }

    /// <summary>The elements, little-endian, row-major, without padding.</summary>
    public ReadOnlyMemory<byte> Data { get; }
}
