using System.Collections.Immutable;
using KeypointMl.Onnx.Building;
using KeypointMl.Onnx.Model;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Emitting;

/// <summary>
/// What a converter writes one call of a module with: nodes, constants and parameters, all named after the module's
/// path, and the shapes and types that the tracer saw.
/// </summary>
public sealed class OnnxExportContext
{
    private readonly OnnxGraphBuilder builder;
    private readonly ParameterStore parameters;
    private readonly TracedCall call;

    internal OnnxExportContext(OnnxGraphBuilder builder, ParameterStore parameters, TracedCall call)
    {
        this.builder = builder;
        this.parameters = parameters;
        this.call = call;
    }

    /// <summary>The module's path in the exported module, as in <c>encoder.conv1</c>; empty for the exported module itself.</summary>
    public string Path => call.Path;

    /// <summary>The version of the standard operators to write.</summary>
    public int Opset => builder.Opset;

    /// <summary>How many tensors the call received.</summary>
    public int InputCount => call.Inputs.Count;

    /// <summary>How many tensors the call gave.</summary>
    public int OutputCount => call.Outputs.Count;

    /// <summary>
    /// Which argument of the call a tensor was, or was a part of, from 0: tells tensors apart where arguments may be
    /// left out.
    /// </summary>
    /// <param name="index">Which tensor argument, from 0.</param>
    public int PositionOf(int index) => call.Positions[index];

    /// <summary>
    /// The shape of a tensor that the call received in the example run, batch included. Sizes named in
    /// <see cref="InputDimensions"/> differ at run time.
    /// </summary>
    /// <param name="index">Which tensor argument, from 0.</param>
    public long[] InputShape(int index) => [.. call.Inputs[index].Shape];

    /// <summary>The shape of a tensor that the call gave in the example run, batch included.</summary>
    /// <param name="index">Which tensor result, from 0.</param>
    public long[] OutputShape(int index) => [.. call.Outputs[index].Shape];

    /// <summary>
    /// The shape of a tensor that the call received, with run-time sizes by name (or unknown, where they follow from
    /// one).
    /// </summary>
    /// <param name="index">Which tensor argument, from 0.</param>
    public ImmutableArray<OnnxDimension> InputDimensions(int index) => call.Inputs[index].Dimensions;

    /// <summary>The shape of a tensor that the call gave, with run-time sizes by name (or unknown, where they follow from one).</summary>
    /// <param name="index">Which tensor result, from 0.</param>
    public ImmutableArray<OnnxDimension> OutputDimensions(int index) => call.Outputs[index].Dimensions;

    /// <summary>The element type of a tensor that the call received.</summary>
    /// <param name="index">Which tensor argument, from 0.</param>
    public ScalarType InputType(int index) => call.Inputs[index].Type;

    /// <summary>The element type of a tensor that the call gave.</summary>
    /// <param name="index">Which tensor result, from 0.</param>
    public ScalarType OutputType(int index) => call.Outputs[index].Type;

    /// <summary>Adds a node with one output.</summary>
    /// <param name="opType">The ONNX operator, such as <c>Conv</c>.</param>
    /// <param name="inputs">Names of the values it reads; an empty name leaves an optional input out.</param>
    /// <param name="attributes">Its attributes; the types are those of <see cref="OnnxAttribute.From"/>.</param>
    /// <returns>The name of its output.</returns>
    public string Node(string opType, string[] inputs, params (string Name, object Value)[] attributes) =>
        Node(opType, inputs, outputs: 1, attributes)[0];

    /// <summary>Adds a node with several outputs.</summary>
    /// <param name="opType">The ONNX operator, such as <c>Split</c>.</param>
    /// <param name="inputs">Names of the values it reads; an empty name leaves an optional input out.</param>
    /// <param name="outputs">How many outputs it has.</param>
    /// <param name="attributes">Its attributes; the types are those of <see cref="OnnxAttribute.From"/>.</param>
    /// <returns>The names of its outputs.</returns>
    public string[] Node(string opType, string[] inputs, int outputs, params (string Name, object Value)[] attributes) =>
        builder.AddNode(Name(opType, '/'), opType, inputs, outputs,
            [.. attributes.Select(attribute => OnnxAttribute.From(attribute.Name, attribute.Value))]);

    /// <summary>A constant of 32-bit floats; equal constants are stored once.</summary>
    /// <param name="hint">What it is, for its name.</param>
    /// <param name="data">The elements in row-major order.</param>
    /// <param name="dims">The shape; left out, a vector.</param>
    /// <returns>The constant's name.</returns>
    public string Constant(string hint, float[] data, params long[] dims) => AddConstant<float>(hint, data, dims);

    /// <summary>A constant of 64-bit integers, as shapes and axes are; equal constants are stored once.</summary>
    /// <param name="hint">What it is, for its name.</param>
    /// <param name="data">The elements in row-major order.</param>
    /// <param name="dims">The shape; left out, a vector.</param>
    /// <returns>The constant's name.</returns>
    public string Constant(string hint, long[] data, params long[] dims) => AddConstant<long>(hint, data, dims);

    /// <summary>
    /// A constant without dimensions, in the element type of the call's first input (32-bit float where that is not a
    /// floating-point type).
    /// </summary>
    /// <param name="hint">What it is, for its name.</param>
    /// <param name="value">Its value.</param>
    /// <returns>The constant's name.</returns>
    public string Scalar(string hint, double value) => (InputCount > 0 ? InputType(0) : ScalarType.Float32) switch
    {
        ScalarType.Float64 => builder.AddConstant<double>(Name(hint, '/'), [value]),
        ScalarType.Float16 => builder.AddConstant<Half>(Name(hint, '/'), [(Half)value]),
        _ => builder.AddConstant<float>(Name(hint, '/'), [(float)value]),
    };

    /// <summary>An integer constant without dimensions.</summary>
    /// <param name="hint">What it is, for its name.</param>
    /// <param name="value">Its value.</param>
    /// <returns>The constant's name.</returns>
    public string Scalar(string hint, long value) => builder.AddConstant<long>(Name(hint, '/'), [value]);

    /// <summary>
    /// Stores a tensor as an initializer. A parameter or buffer of the exported module is stored once, under its name
    /// in the state dictionary, however many modules use it.
    /// </summary>
    /// <param name="hint">What it is, for the name of a tensor that is not a parameter, such as one computed from several.</param>
    /// <param name="value">The tensor, on any device.</param>
    /// <returns>The initializer's name.</returns>
    public string Parameter(string hint, Tensor value) => parameters.Store(value, Name(hint, '.'));

    /// <summary>An error about this call that begins with where it is.</summary>
    /// <param name="message">What cannot be exported, and the way out.</param>
    public OnnxExportException Error(string message) => new($"{call.Describe()}: {message}");

    private string AddConstant<T>(string hint, T[] data, long[] dims)
        where T : unmanaged => builder.AddConstant<T>(Name(hint, '/'), data, dims.Length == 0 ? [data.Length] : dims);

    private string Name(string hint, char separator) => Path.Length == 0 ? hint : $"{Path}{separator}{hint}";
}
