using System.Collections.Frozen;
using AttributeType = KeypointMl.Onnx.Protobuf.AttributeProto.Types.AttributeType;

namespace KeypointMl.Onnx;

/// <summary>What the ONNX specification says of an operator in a range of opsets.</summary>
/// <param name="Since">The first opset in which it looks like this (17 stands for 17 or earlier).</param>
/// <param name="Until">The last such opset.</param>
/// <param name="MinInputs">The fewest inputs.</param>
/// <param name="MaxInputs">The most inputs.</param>
/// <param name="MaxOutputs">The most outputs.</param>
/// <param name="Attributes">Its attributes' names and types.</param>
/// <param name="Required">The attributes that must be given.</param>
internal sealed record OnnxOperatorSignature(
    int Since,
    int Until,
    int MinInputs,
    int MaxInputs,
    int MaxOutputs,
    FrozenDictionary<string, AttributeType> Attributes,
    FrozenSet<string> Required)
{
    /// <summary>Parses the attributes as written in the table: <c>name:type</c>, separated by spaces, a <c>!</c> behind a required one. Types: i, f, s, t (tensor); capitals for lists.</summary>
    public static OnnxOperatorSignature Create(int since, int until, int minInputs, int maxInputs, int maxOutputs, string attributes)
    {
        string[] parts = attributes.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new OnnxOperatorSignature(
            since,
            until,
            minInputs,
            maxInputs,
            maxOutputs,
            parts.ToFrozenDictionary(part => part.Split(':')[0], part => Type(part.Split(':')[1][0])),
            parts.Where(part => part.EndsWith('!')).Select(part => part.Split(':')[0]).ToFrozenSet());
    }

    private static AttributeType Type(char letter) => letter switch
    {
        'i' => AttributeType.Int,
        'f' => AttributeType.Float,
        's' => AttributeType.String,
        't' => AttributeType.Tensor,
        'I' => AttributeType.Ints,
        'F' => AttributeType.Floats,
        'S' => AttributeType.Strings,
        _ => throw new ArgumentOutOfRangeException(nameof(letter), letter, "Expected i, f, s, t, I, F or S."),
    };
}
