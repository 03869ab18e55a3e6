using System.Collections.Immutable;
using KeypointMl.Onnx.Model;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Emitting;

/// <summary>A tensor that flows between modules: an input of the graph, a parameter used as one, or a result of a call.</summary>
internal sealed class TracedValue
{
    public TracedValue(Tensor tensor, Tensor? parameter = null)
    {
        Shape = [.. tensor.shape];
        Type = tensor.dtype;
        Parameter = parameter;
        Digest = parameter is null ? ContentDigest.Of(tensor) : default;
        Dimensions = [.. Shape.Select(size => new OnnxDimension(size))];
    }

    /// <summary>Its shape in the example run.</summary>
    public ImmutableArray<long> Shape { get; }

    /// <summary>Its element type.</summary>
    public ScalarType Type { get; }

    /// <summary>The parameter or buffer that it is, if a module passed one to another.</summary>
    public Tensor? Parameter { get; }

    /// <summary>Tells its content in this run from that in another.</summary>
    public ContentDigest Digest { get; }

    /// <summary>Its shape with run-time sizes by name.</summary>
    public ImmutableArray<OnnxDimension> Dimensions { get; set; }

    /// <summary>Its name in the graph, once written.</summary>
    public string? Name { get; set; }
}
