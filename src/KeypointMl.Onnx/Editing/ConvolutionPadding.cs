using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx;

/// <summary>How a Conv pads.</summary>
internal static class ConvolutionPadding
{
    /// <summary>Whether it may add zeros around its input.</summary>
    public static bool MayPad(NodeProto convolution) => Explicit(convolution) is not { } pads || pads.Any(pad => pad != 0);

    /// <summary>The zeros it adds at the beginning and the end of each spatial axis (all beginnings first; empty means none); null where they follow from the size of the input (<c>auto_pad</c>).</summary>
    public static long[]? Explicit(NodeProto convolution) => NodeAttributes.Text(convolution, "auto_pad", "NOTSET") switch
    {
        "NOTSET" => NodeAttributes.Ints(convolution, "pads") ?? [],
        "VALID" => [],
        _ => null,
    };
}
