using System.Collections.Immutable;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>Gives a tensor another shape: <c>reshape</c> as a module. ONNX: Reshape.</summary>
public sealed class Reshape : nn.Module<Tensor, Tensor>, IOnnxExportable
{
    /// <summary>Fixes the shape.</summary>
    /// <param name="name">The module's name.</param>
    /// <param name="shape">The new sizes; 0 keeps the size of that dimension (as for the batch), −1 (once at most) takes what is left.</param>
    /// <exception cref="ArgumentException">A size is below −1, or −1 stands twice.</exception>
    public Reshape(string name, params ReadOnlySpan<long> shape)
        : base(name)
    {
        Shape = [.. shape];
        if (Shape.Any(size => size < -1) || Shape.Count(size => size == -1) > 1)
            throw new ArgumentException($"The shape [{string.Join(',', Shape)}] of '{name}' must have sizes of at least 0, and −1 at most once.", nameof(shape));
    }

    /// <summary>The new sizes; 0 keeps a size, −1 takes what is left.</summary>
    public ImmutableArray<long> Shape { get; }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => input.reshape([.. Shape.Select((size, axis) => size == 0 ? input.shape[axis] : size)]);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs) =>
        [context.Node("Reshape", [inputs[0], context.Constant("shape", [.. Shape])])];
}
