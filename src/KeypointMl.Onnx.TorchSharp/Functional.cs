using KeypointMl.Onnx.TorchSharp.Emitting;
using KeypointMl.Onnx.TorchSharp.Ops;
using KeypointMl.Onnx.TorchSharp.Tracing;
using TorchSharp;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>
/// The functional operations of every day that an export sees: the names, arguments and results of
/// <c>torch.nn.functional</c>, and <c>cat</c>, <c>flatten</c>, <c>add</c>, <c>mul</c> and <c>matmul</c> of
/// <c>torch</c>; any other by <see cref="Call"/>. Outside of an export each is the call of TorchSharp. One line lets a
/// file that says <c>functional.relu(x)</c> use these: <c>using @functional = Onnx.TorchSharp.Functional;</c>
/// </summary>
/// <remarks>Exceptions are those of TorchSharp. A function that is not here does not compile under the alias;
/// <see cref="Call"/> takes the operation module for it.</remarks>
public static class Functional
{
    /// <summary>max(x, 0).</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="inplace">Whether <paramref name="x"/> itself is changed.</param>
    public static Tensor relu(Tensor x, bool inplace = false) =>
        Follow("relu", () => nn.ReLU(inplace))?.call(x) ?? nn.functional.relu(x, inplace);

    /// <summary>min(max(x, 0), 6).</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="inplace">Whether <paramref name="x"/> itself is changed.</param>
    public static Tensor relu6(Tensor x, bool inplace = false) =>
        Follow("relu6", () => nn.ReLU6(inplace))?.call(x) ?? nn.functional.relu6(x, inplace);

    /// <summary>x, or x times a slope where it is negative.</summary>
    /// <param name="input">Any shape.</param>
    /// <param name="negative_slope">The slope.</param>
    /// <param name="inplace">Whether <paramref name="input"/> itself is changed.</param>
    public static Tensor leaky_relu(Tensor input, double negative_slope = 0.01, bool inplace = false) =>
        Follow("leaky_relu", () => nn.LeakyReLU(negative_slope, inplace))?.call(input)
            ?? nn.functional.leaky_relu(input, negative_slope, inplace);

    /// <summary>x, or alpha·(exp(x) − 1) where it is negative.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="alpha">alpha.</param>
    /// <param name="inplace">Whether <paramref name="x"/> itself is changed.</param>
    public static Tensor elu(Tensor x, double alpha, bool inplace = false) =>
        Follow("elu", () => nn.ELU(alpha, inplace))?.call(x) ?? nn.functional.elu(x, alpha, inplace);

    /// <summary>x·Φ(x) with the normal distribution's Φ.</summary>
    /// <param name="x">Any shape.</param>
    public static Tensor gelu(Tensor x) => Follow("gelu", () => nn.GELU())?.call(x) ?? nn.functional.gelu(x);

    /// <summary>x·sigmoid(x).</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="inplace">Whether <paramref name="x"/> itself is changed.</param>
    public static Tensor silu(Tensor x, bool inplace = false) =>
        Follow("silu", () => nn.SiLU(inplace))?.call(x) ?? nn.functional.silu(x, inplace);

    /// <summary>x·min(max(x + 3, 0), 6)/6.</summary>
    /// <param name="input">Any shape.</param>
    /// <param name="inplace">Whether <paramref name="input"/> itself is changed.</param>
    public static Tensor hardswish(Tensor input, bool inplace = false) =>
        Follow("hardswish", () => nn.Hardswish(inplace))?.call(input) ?? nn.functional.hardswish(input, inplace);

    /// <summary>1/(1 + exp(−x)).</summary>
    /// <param name="x">Any shape.</param>
    public static Tensor sigmoid(Tensor x) => Follow("sigmoid", () => nn.Sigmoid())?.call(x) ?? nn.functional.sigmoid(x);

    /// <summary>The hyperbolic tangent.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="inplace">Whether <paramref name="x"/> itself is changed.</param>
    public static Tensor tanh(Tensor x, bool inplace = false) =>
        Follow("tanh", () => nn.Tanh(inplace))?.call(x) ?? nn.functional.tanh(x, inplace);

    /// <summary>exp(x) divided by its sum over a dimension.</summary>
    /// <param name="input">Any shape.</param>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    public static Tensor softmax(Tensor input, long dim) =>
        Follow("softmax", () => nn.Softmax(dim))?.call(input) ?? nn.functional.softmax(input, dim);

    /// <summary>The logarithm of <see cref="softmax"/>.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="dim">The dimension; negative counts from the end.</param>
    public static Tensor log_softmax(Tensor x, long dim) =>
        Follow("log_softmax", () => nn.LogSoftmax(dim))?.call(x) ?? nn.functional.log_softmax(x, dim);

    /// <summary>The largest number of every window.</summary>
    /// <param name="input">[N,C,H,W].</param>
    /// <param name="kernel_size">The window's height and width.</param>
    /// <param name="stride">How far it moves; as far as it is large by default.</param>
    /// <param name="padding">How far it reaches out at either end; 0 by default.</param>
    /// <param name="dilation">The step inside the window; 1 by default.</param>
    /// <param name="ceil_mode">Whether a last window may reach beyond the padding.</param>
    public static Tensor max_pool2d(
        Tensor input, long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false) =>
        Follow("max_pool2d", () => nn.MaxPool2d(kernel_size, stride, padding, dilation, ceil_mode))?.call(input)
        ?? nn.functional.max_pool2d(input, kernel_size, stride, padding, dilation, ceil_mode);

    /// <summary>The mean of every window.</summary>
    /// <param name="input">[N,C,H,W].</param>
    /// <param name="kernel_size">The window's height and width.</param>
    /// <param name="stride">How far it moves; as far as it is large by default.</param>
    /// <param name="padding">How far it reaches out at either end.</param>
    /// <param name="ceil_mode">Whether a last window may reach beyond the padding.</param>
    /// <param name="count_include_pad">Whether the padding counts, as zeros.</param>
    public static Tensor avg_pool2d(
        Tensor input, long kernel_size, long? stride = null, long padding = 0, bool ceil_mode = false, bool count_include_pad = true) =>
        Follow("avg_pool2d", () => nn.AvgPool2d(kernel_size, stride, padding, ceil_mode, count_include_pad))?.call(input)
        ?? nn.functional.avg_pool2d(input, kernel_size, stride, padding, ceil_mode, count_include_pad);

    /// <summary>Means of as many windows as wanted.</summary>
    /// <param name="input">[N,C,H,W].</param>
    /// <param name="output_size">The result's height and width.</param>
    public static Tensor adaptive_avg_pool2d(Tensor input, long output_size) => adaptive_avg_pool2d(input, (output_size, output_size));

    /// <summary>Means of as many windows as wanted.</summary>
    /// <param name="input">[N,C,H,W].</param>
    /// <param name="output_size">The result's height and width.</param>
    public static Tensor adaptive_avg_pool2d(Tensor input, (long Height, long Width) output_size) =>
        Follow("adaptive_avg_pool2d", () => nn.AdaptiveAvgPool2d([output_size.Height, output_size.Width]))?.call(input)
            ?? nn.functional.adaptive_avg_pool2d(input, output_size);

    /// <summary>Resamples the spatial dimensions of [N,C,…].</summary>
    /// <param name="x">[N,C,…].</param>
    /// <param name="size">The new spatial sizes; or</param>
    /// <param name="scale_factor">by what the sizes are multiplied.</param>
    /// <param name="mode">How numbers between pixels are found.</param>
    /// <param name="align_corners">Whether the centres of the corner pixels stay where they are; for the linear modes and Bicubic.</param>
    public static Tensor interpolate(
        Tensor x, long[]? size = null, double[]? scale_factor = null, InterpolationMode mode = InterpolationMode.Nearest,
        bool? align_corners = null) =>
        Follow("interpolate", () => Resampler(size, scale_factor, mode, align_corners ?? false))?.call(x)
        ?? nn.functional.interpolate(x, size, scale_factor, mode, align_corners);

    /// <summary>Adds numbers around a tensor.</summary>
    /// <param name="input">Any shape.</param>
    /// <param name="pad">Pairs (before, after), from the last dimension to the first.</param>
    /// <param name="mode">What the new numbers are.</param>
    /// <param name="value">The new numbers of mode Constant.</param>
    public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
        Follow("pad", () => new Pad("pad", pad, mode, value))?.call(input) ?? nn.functional.pad(input, pad, mode, value);

    /// <summary>Zeroes numbers at random while training.</summary>
    /// <param name="input">Any shape.</param>
    /// <param name="p">How probable it is for a number to be zeroed.</param>
    /// <param name="training">Whether to: give the module's <c>training</c>.</param>
    /// <param name="inplace">Whether <paramref name="input"/> itself is changed.</param>
    /// <exception cref="OnnxExportException">An export meets it active: exported modules are in evaluation mode.</exception>
    public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false)
    {
        if (ModuleTracer.Current is { } && training)
        {
            throw new OnnxExportException(
                $"{nameof(Functional)}.{nameof(dropout)} is active although the module is exported in evaluation mode. "
                + "Give it the module's mode: training: this.training.");
        }
        return Follow("dropout", () => nn.Dropout(p))?.call(input) ?? nn.functional.dropout(input, p, training, inplace);
    }

    /// <summary>Puts dimensions into one.</summary>
    /// <param name="input">Any shape.</param>
    /// <param name="start_dim">The first of them.</param>
    /// <param name="end_dim">The last of them; negative counts from the end.</param>
    public static Tensor flatten(Tensor input, long start_dim = 0, long end_dim = -1) =>
        Follow("flatten", () => nn.Flatten(start_dim, end_dim))?.call(input) ?? input.flatten(start_dim, end_dim);

    /// <summary>Joins tensors along a dimension.</summary>
    /// <param name="tensors">Tensors whose other sizes are the same.</param>
    /// <param name="dim">The dimension along which the sizes add up; negative counts from the end.</param>
    public static Tensor cat(IList<Tensor> tensors, long dim = 0) =>
        Follow("cat", () => new ConcatAll("cat", dim))?.call([.. tensors]) ?? torch.cat(tensors, dim);

    /// <summary>left + right, whose shapes broadcast.</summary>
    /// <param name="left">The one.</param>
    /// <param name="right">The other.</param>
    public static Tensor add(Tensor left, Tensor right) => Follow("add", () => new Add("add"))?.call(left, right) ?? left + right;

    /// <summary>left · right, element by element; their shapes broadcast.</summary>
    /// <param name="left">The one.</param>
    /// <param name="right">The other.</param>
    public static Tensor mul(Tensor left, Tensor right) => Follow("mul", () => new Multiply("mul"))?.call(left, right) ?? left * right;

    /// <summary>Multiplies matrices, or stacks of them.</summary>
    /// <param name="left">[…,n,k].</param>
    /// <param name="right">[…,k,m].</param>
    /// <exception cref="ArgumentException">Shapes, element types or devices do not fit; TorchSharp 0.107's own
    /// <c>matmul</c> ends the process then.</exception>
    public static Tensor matmul(Tensor left, Tensor right) =>
        Follow("matmul", () => new MatrixMultiply("matmul"))?.call(left, right) ?? MatrixMultiply.Product(left, right);

    /// <summary>Any other operation module, which need not be registered: <c>Functional.Call(new Slice("crop", 2, 1), x)</c>.</summary>
    /// <typeparam name="TOperation">An operation module of this package, or one that writes its own nodes.</typeparam>
    /// <param name="operation">The module; without parameters, which nobody would train or save.</param>
    /// <param name="x">What it is given.</param>
    public static Tensor Call<TOperation>(TOperation operation, Tensor x)
        where TOperation : nn.Module<Tensor, Tensor>, IOnnxExportable
    {
        ArgumentNullException.ThrowIfNull(operation);
        return (Follow(operation.GetName(), () => operation) ?? operation).call(x);
    }

    private static Interpolate Resampler(long[]? size, double[]? factors, InterpolationMode mode, bool alignCorners) => size is not null
        ? Interpolate.To("interpolate", size, mode, alignCorners)
        : Interpolate.By("interpolate", factors ?? [], mode, alignCorners);

    // Making a module costs more than many of the operations, so it is made for exports alone.
    private static TModule? Follow<TModule>(string function, Func<TModule> create)
        where TModule : nn.Module => ModuleTracer.Current is { } tracer ? tracer.Follow(create(), function) : null;
}
