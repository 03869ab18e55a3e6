using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.TorchSharp.Emitting;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Converters;

/// <summary>Attention masks as numbers added to the scores: 0 where attention is allowed, −∞ where it is not.</summary>
internal static class AttentionMask
{
    /// <summary>A mask as numbers. One of floating-point numbers is added as it is.</summary>
    /// <param name="context">The call being written.</param>
    /// <param name="mask">The mask.</param>
    /// <param name="type">Its element type.</param>
    /// <param name="trueIsAllowed">
    /// What true means: attention is allowed (as in scaled_dot_product_attention), or not (as in MultiheadAttention).
    /// </param>
    public static string Additive(OnnxExportContext context, string mask, ScalarType type, bool trueIsAllowed)
    {
        if (type != ScalarType.Bool)
        {
            return type == context.InputType(0)
                ? mask
                : throw context.Error(
                    $"its mask has element type {type} and its query {context.InputType(0)}. Give a mask of type Bool, or of the query's.");
        }
        (string allowed, string forbidden) = (context.Scalar("allowed", 0.0), context.Scalar("forbidden", double.NegativeInfinity));
        return trueIsAllowed ? context.Node("Where", [mask, allowed, forbidden]) : context.Node("Where", [mask, forbidden, allowed]);
    }

    /// <summary>The mask under which the query at i sees the keys up to i only.</summary>
    /// <param name="context">The call being written.</param>
    /// <param name="query">[…,L,d].</param>
    /// <param name="key">[…,S,d].</param>
    public static string Causal(OnnxExportContext context, string query, string key)
    {
        string size = context.Node("Concat", [Length(context, query, 0), Length(context, key, 1)], ("axis", 0));
        string ones = context.Node("Expand", [context.Scalar("one", 1.0), size]);
        string lower = context.Node("Trilu", [ones], ("upper", 0));
        return Additive(context, context.Node("Cast", [lower], ("to", OnnxElementType.Bool)), ScalarType.Bool, trueIsAllowed: true);
    }

    private static string Length(OnnxExportContext context, string x, int input)
    {
        int axis = context.InputShape(input).Length - 2;
        return context.Node("Shape", [x], ("end", axis + 1), ("start", axis));
    }
}
