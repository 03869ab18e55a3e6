using System.Collections.Immutable;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx;

/// <summary>What is known of a value without running the graph.</summary>
internal sealed record ValueFacts
{
    /// <summary>Its type (see <see cref="TypeNames"/>), or null.</summary>
    public string? Type { get; init; }

    /// <summary>Its shape; default where not even the rank is known.</summary>
    public ImmutableArray<OnnxDimension> Shape { get; init; }

    /// <summary>The stored tensor that it is, or null.</summary>
    public TensorProto? Stored { get; init; }

    /// <summary>The elements of a short list of integers (or one alone), such as a shape, as far as they are known; default where the value is none or nothing is known.</summary>
    public ImmutableArray<IntegerElement> Elements { get; init; }
}
