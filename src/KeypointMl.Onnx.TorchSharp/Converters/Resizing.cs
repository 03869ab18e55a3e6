using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.TorchSharp.Emitting;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Converters;

/// <summary>
/// Resampling as <c>torch.nn.functional.interpolate</c> does it (ONNX: Resize; Gather where Resize would round
/// differently).
/// </summary>
internal static class Resizing
{
    /// <summary>The mode of <c>interpolate</c> for a mode of <c>Upsample</c>.</summary>
    public static InterpolationMode ModeOf(UpsampleMode mode) => (InterpolationMode)mode;

    /// <summary>Resamples as libtorch does.</summary>
    public static Tensor Apply(Resampling how, Tensor input)
    {
        // libtorch refuses align_corners for these two modes, also where it is false.
        bool? corners = how.Mode is InterpolationMode.Nearest or InterpolationMode.Area ? null : how.AlignCorners;
        return nn.functional.interpolate(input, how.Size, how.Scale, how.Mode, corners, how.RecomputeScale);
    }

    /// <summary>Writes the resampling.</summary>
    public static string Resize(OnnxExportContext context, string x, Resampling how)
    {
        long[] input = context.InputShape(0);
        long[] output = context.OutputShape(0);
        bool fixedSize = context.InputDimensions(0).Skip(2).All(dimension => dimension.IsFixed);
        if (how.Mode == InterpolationMode.Area)
            return AdaptivePoolingConverters.Average(context, x, input.Length - 2);
        if (how.Mode is InterpolationMode.Nearest or InterpolationMode.NearestExact)
            return Nearest(context, x, how, input, output, fixedSize);
        string mode = how.Mode switch
        {
            InterpolationMode.Linear or InterpolationMode.Bilinear or InterpolationMode.Trilinear => "linear",
            InterpolationMode.Bicubic => "cubic",
            _ => throw context.Error(
                $"interpolation mode {how.Mode} has no counterpart in ONNX; "
                + "use nearest, nearest-exact, area, linear, bilinear, trilinear or bicubic."),
        };
        string coordinates = how.AlignCorners ? "align_corners" : "half_pixel";
        (string Name, object Value)[] attributes = mode == "cubic"
            ? [("coordinate_transformation_mode", coordinates), ("cubic_coeff_a", -0.75f), ("mode", mode)]
            : [("coordinate_transformation_mode", coordinates), ("mode", mode)];
        return Write(context, x, how, input, output, fixedSize, attributes);
    }

    private static string Nearest(OnnxExportContext context, string x, Resampling how, long[] input, long[] output, bool fixedSize)
    {
        // At whole factors both kinds of nearest neighbours are the same.
        bool whole = Enumerable.Range(2, input.Length - 2)
            .All(axis => output[axis] % input[axis] == 0 && IsFactor(how, axis, output[axis] / input[axis]));
        // To a size from one that is open, the factor is whole in the example alone.
        if (!fixedSize && (!whole || how.Size is not null))
        {
            throw context.Error(
                "nearest neighbours need fixed sizes, or whole factors: where the sizes are open at run time, neither a size nor "
                + "another factor can be exported. Fix the sizes, or use a whole factor.");
        }
        if (whole)
        {
            return Write(context, x, how, input, output, fixedSize,
                [("coordinate_transformation_mode", "asymmetric"), ("mode", "nearest"), ("nearest_mode", "floor")]);
        }
        for (int axis = 2; axis < input.Length; axis++)
            x = context.Node("Gather", [x, context.Constant("nearest", Neighbours(how, input, axis))], ("axis", axis));
        return x;
    }

    /// <summary>
    /// Which element every element of the result is a copy of. That hangs on the last bit of a product and, where a
    /// size stays or doubles by a factor that is not whole, on the kernel that libtorch takes for these sizes: so
    /// libtorch is asked, with numbers that count along the axis.
    /// </summary>
    private static long[] Neighbours(Resampling how, long[] input, int axis)
    {
        using IDisposable scope = NewDisposeScope();
        long[] along = [.. input.Select((size, index) => index == axis ? size : 1)];
        Tensor counts = arange(input[axis], ScalarType.Float32).reshape(along).expand([1, .. input[1..]]).contiguous();
        Tensor picked = Apply(how, counts);
        for (int other = 0; other < input.Length; other++)
            picked = other == axis ? picked : picked.narrow(other, 0, 1);
        return [.. picked.flatten().contiguous().data<float>().Select(index => (long)index)];
    }

    private static bool IsFactor(Resampling how, int axis, long factor) =>
        how.Scale is not { } scale || how.RecomputeScale || scale[axis - 2] == factor;

    private static string Write(
        OnnxExportContext context,
        string x,
        Resampling how,
        long[] input,
        long[] output,
        bool fixedSize,
        (string Name, object Value)[] attributes)
    {
        if (how.Scale is { } scale && !how.RecomputeScale)
        {
            // When it is not cubic, libtorch copies along a dimension whose size stays, whatever the factor.
            bool copies = how.Mode != InterpolationMode.Bicubic;
            bool[] open = [.. context.InputDimensions(0).Skip(2).Select(dimension => !dimension.IsFixed)];
            float[] factors = [.. scale.Select((factor, axis) =>
                open[axis] ? NotBelow(factor)
                : copies && input[axis + 2] == output[axis + 2] ? 1f
                : Fit(factor, input[axis + 2], output[axis + 2]))];
            // From half as much again on, only a size of one stays, which is copied in any case.
            bool mayStay = open.Zip(factors).Any(axis => axis is { First: true, Second: > 1 and < 1.5f });
            string scales = copies && mayStay && open.Length > 1
                ? OneWhereTheSizeStays(context, x, factors)
                : context.Constant("scales", [1, 1, .. factors]);
            return context.Node("Resize", [x, "", scales], attributes);
        }
        if (fixedSize)
        {
            return context.Node("Resize",
                [x, "", context.Constant("scales",
                    [1, 1, .. Enumerable.Range(2, input.Length - 2)
                        .Select(axis => Fit((double)output[axis] / input[axis], input[axis], output[axis]))])], attributes);
        }
        if (how.Size is not { } size)
        {
            throw context.Error(
                "recompute_scale_factor with sizes that are open at run time cannot be exported. Fix the sizes, or do not recompute.");
        }
        string leading = context.Node("Shape", [x], ("end", 2), ("start", 0));
        string sizes = context.Node("Concat", [leading, context.Constant("size", size)], ("axis", 0));
        return context.Node("Resize", [x, "", "", sizes], attributes);
    }

    // [1, 1, factor…], in which the factor of a size that the runtime will round down to itself is 1.
    private static string OneWhereTheSizeStays(OnnxExportContext context, string x, float[] factors)
    {
        string stored = context.Constant("factors", factors);
        string sizes = context.Node(
            "Cast", [context.Node("Shape", [x], ("start", 2))], ("to", OnnxElementType.Float));
        string stays = context.Node("Equal", [context.Node("Floor", [context.Node("Mul", [sizes, stored])]), sizes]);
        string spatial = context.Node("Where", [stays, context.Constant("one", [1f]), stored]);
        return context.Node("Concat", [context.Constant("leading", [1f, 1f]), spatial], ("axis", 0));
    }

    /// <summary>
    /// The first float that is not below a factor: libtorch rounds products of 64 bits down, and with a float below the
    /// factor a product that is whole would lose its last element (90 · 1.3 → 116). Where libtorch's own product falls
    /// short (45 · 1.4 = 62.99…), no factor fits all sizes, and the graph gives the element that libtorch loses.
    /// </summary>
    private static float NotBelow(double factor) =>
        (float)factor < factor ? MathF.BitIncrement((float)factor) : (float)factor;

    /// <summary>
    /// The float nearest to a factor under which a size becomes what libtorch made of it: runtimes round the product
    /// down, in 32 or 64 bits, and must not fall short by a rounding error.
    /// </summary>
    private static float Fit(double wanted, long input, long output)
    {
        float factor = (float)wanted;
        while ((double)factor * input < output)
            factor = MathF.BitIncrement(factor);
        while ((double)factor * input >= output + 1)
            factor = MathF.BitDecrement(factor);
        return factor;
    }
}

/// <summary>How a tensor is resampled, in the terms of <c>torch.nn.functional.interpolate</c>.</summary>
/// <param name="Size">The spatial sizes wanted, or null.</param>
/// <param name="Scale">The factors by which the spatial sizes grow, or null.</param>
/// <param name="Mode">Nearest, nearest-exact, area, linear (of any rank) or bicubic.</param>
/// <param name="AlignCorners">Whether the centres of the corner elements stay where they are.</param>
/// <param name="RecomputeScale">Whether the factors are computed again from the sizes that they gave.</param>
internal sealed record Resampling(long[]? Size, double[]? Scale, InterpolationMode Mode, bool AlignCorners, bool RecomputeScale);
