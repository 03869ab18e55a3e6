using System.Collections.Immutable;
using KeypointMl.Onnx.Passes;
using KeypointMl.Onnx.TorchSharp.Converters;

namespace KeypointMl.Onnx.TorchSharp.Exporting;

/// <summary>How <see cref="OnnxExporter"/> writes a graph.</summary>
public sealed record OnnxExportOptions
{
    /// <summary>
    /// The inputs' names, in the order of the module's arguments. Default: <c>input</c>, or <c>input0</c>,
    /// <c>input1</c>… where there are several.
    /// </summary>
    public ImmutableArray<string> InputNames { get; init; }

    /// <summary>
    /// The outputs' names, in the order of the module's results. Default: <c>output</c>, or <c>output0</c>,
    /// <c>output1</c>… where there are several.
    /// </summary>
    public ImmutableArray<string> OutputNames { get; init; }

    /// <summary>The version of the standard operators, 17 to 21. Default: 17.</summary>
    public int Opset { get; init; } = 17;

    /// <summary>
    /// The name of the batch size: axis 0 of every input of at least one dimension. Null fixes it to that of the
    /// example. Default: <c>N</c>.
    /// </summary>
    public string? BatchAxis { get; init; } = "N";

    /// <summary>Further dimensions whose size is chosen at run time, where the modules' converters allow it. Default: none.</summary>
    public ImmutableArray<OnnxDynamicAxis> DynamicAxes { get; init; } = [];

    /// <summary>
    /// Which passes simplify the graph (<see cref="OnnxOptimizer"/>). Null leaves it as the converters write it.
    /// Default: <see cref="OnnxOptimizationOptions"/>'s.
    /// </summary>
    public OnnxOptimizationOptions? Optimization { get; init; } = new();

    /// <summary>
    /// Whether the module is run twice more, on the same inputs and on their values reversed (and negated, where they
    /// are floating-point), to refuse randomness and choices by the values of tensors, which a graph cannot express.
    /// Default: true.
    /// </summary>
    public bool CheckRepeatability { get; init; } = true;

    /// <summary>Which converter serves which module type. Default: <see cref="OnnxConverterRegistry.BuiltIn"/>.</summary>
    public OnnxConverterRegistry Converters { get; init; } = OnnxConverterRegistry.BuiltIn;

    /// <summary>The graph's name. Default: the type name of the exported module.</summary>
    public string? GraphName { get; init; }

    /// <summary>The tool that the file names as its producer. Default: <c>KeypointMl.Onnx.TorchSharp</c>.</summary>
    public string ProducerName { get; init; } = "KeypointMl.Onnx.TorchSharp";

    /// <summary>The version of that tool. Default: this assembly's.</summary>
    public string ProducerVersion { get; init; } = typeof(OnnxExportOptions).Assembly.GetName().Version?.ToString(3) ?? "";
}

/// <summary>A dimension of an input whose size is chosen by whoever runs the graph.</summary>
/// <param name="Input">The input's name.</param>
/// <param name="Axis">The dimension, from 0.</param>
/// <param name="Name">The size's name; dimensions that share a name share a size.</param>
public sealed record OnnxDynamicAxis(string Input, int Axis, string Name);
