using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp;

/// <summary>Resampling as <c>torch.nn.functional.interpolate</c> does it (ONNX: Resize; Gather where Resize would round differently).</summary>
internal static class Resizing
{
    /// <summary>The mode of <c>interpolate</c> for a mode of <c>Upsample</c>.</summary>
    public static InterpolationMode ModeOf(UpsampleMode mode) => (InterpolationMode)mode;

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
            _ => throw context.Error($"interpolation mode {how.Mode} has no counterpart in ONNX; use nearest, nearest-exact, area, linear, bilinear, trilinear or bicubic."),
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
        bool whole = Enumerable.Range(2, input.Length - 2).All(axis => output[axis] % input[axis] == 0 && IsFactor(how, axis, output[axis] / input[axis]));
        if (whole)
            return Write(context, x, how, input, output, fixedSize, [("coordinate_transformation_mode", "asymmetric"), ("mode", "nearest"), ("nearest_mode", "floor")]);
        if (!fixedSize)
            throw context.Error("nearest neighbours at a factor that is not whole need fixed sizes. Fix the sizes, or use a whole factor.");
        // Which neighbour a fractional factor picks hangs on the last bit of a product, so the choice is made here, as libtorch makes it.
        for (int axis = 2; axis < input.Length; axis++)
        {
            float step = how.Scale is { } scale && !how.RecomputeScale ? (float)(1.0 / scale[axis - 2]) : (float)input[axis] / output[axis];
            (long from, long to) = (input[axis], output[axis]);
            long[] indices = [.. Enumerable.Range(0, (int)to).Select(index => NearestIndex(index, from, to, step, how.Mode == InterpolationMode.NearestExact))];
            x = context.Node("Gather", [x, context.Constant("nearest", indices)], ("axis", axis));
        }
        return x;
    }

    // nearest_idx and nearest_exact_idx of ATen/native/UpSample.h: for the former sizes that stay or double are special cases, whatever the factor.
    private static long NearestIndex(long index, long from, long to, float step, bool exact) =>
        exact ? Math.Min((long)MathF.Floor((index + 0.5f) * step), from - 1)
        : to == from ? index
        : to == 2 * from ? index >> 1
        : Math.Min((long)MathF.Floor(index * step), from - 1);

    private static bool IsFactor(Resampling how, int axis, long factor) => how.Scale is not { } scale || how.RecomputeScale || scale[axis - 2] == factor;

    private static string Write(OnnxExportContext context, string x, Resampling how, long[] input, long[] output, bool fixedSize, (string Name, object Value)[] attributes)
    {
        if (how.Scale is { } scale && !how.RecomputeScale)
        {
            // When it is not cubic, libtorch copies along a dimension whose size stays, whatever the factor.
            bool copies = fixedSize && how.Mode != InterpolationMode.Bicubic;
            IEnumerable<float> factors = scale.Select((factor, axis) => copies && input[axis + 2] == output[axis + 2] ? 1f : (float)factor);
            return context.Node("Resize", [x, "", context.Constant("scales", [1, 1, .. factors])], attributes);
        }
        if (fixedSize)
            return context.Node("Resize", [x, "", context.Constant("scales", [1, 1, .. Enumerable.Range(2, input.Length - 2).Select(axis => FactorTo(input[axis], output[axis]))])], attributes);
        if (how.Size is not { } size)
            throw context.Error("recompute_scale_factor with sizes that are open at run time cannot be exported. Fix the sizes, or do not recompute.");
        string leading = context.Node("Shape", [x], ("end", 2), ("start", 0));
        string sizes = context.Node("Concat", [leading, context.Constant("size", size)], ("axis", 0));
        return context.Node("Resize", [x, "", "", sizes], attributes);
    }

    // A runtime finds the new size as floor(size · factor) in 32-bit floats: the factor must not fall short by a rounding error.
    private static float FactorTo(long input, long output)
    {
        float factor = (float)output / input;
        while (MathF.Floor(factor * input) < output)
            factor = MathF.BitIncrement(factor);
        return factor;
    }
}
