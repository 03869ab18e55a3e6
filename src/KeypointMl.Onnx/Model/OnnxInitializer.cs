using System.Collections.Immutable;

namespace KeypointMl.Onnx;

/// <summary>The description of a constant tensor stored in a model.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="ElementType">Its element type.</param>
/// <param name="Dimensions">Its shape; empty for a scalar.</param>
public sealed record OnnxInitializer(string Name, OnnxElementType ElementType, ImmutableArray<long> Dimensions)
{
    /// <summary>How many elements it has.</summary>
    public long Count => Dimensions.Aggregate(1L, (product, size) => product * size);
}
