using System.Collections.Frozen;
using KeypointMl.Onnx.Files;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx.Model;

/// <summary>
/// Types as short text, as in <c>standard-operators.txt</c>: <c>float</c> is a tensor of floats, <c>seq(float)</c> a
/// sequence of such tensors, <c>opt(seq(float))</c> that or nothing.
/// </summary>
internal static class TypeNames
{
    public const string Bool = "bool";
    public const string Int64 = "int64";

    private static readonly FrozenDictionary<OnnxElementType, string> Names =
        Enum.GetValues<OnnxElementType>().Where(type => type != OnnxElementType.Undefined)
        .ToFrozenDictionary(type => type, type => type.ToString().ToLowerInvariant());

    private static readonly FrozenDictionary<string, OnnxElementType> Elements =
        Names.ToFrozenDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);

    /// <summary>The type of a tensor of elements; null where the element type is not known.</summary>
    public static string? Of(OnnxElementType element) => Names.GetValueOrDefault(element);

    /// <summary>The type of a tensor whose element type an attribute gives by number; null where the number is none.</summary>
    public static string? Of(long element) => element is > 0 and <= int.MaxValue ? Of((OnnxElementType)element) : null;

    /// <summary>A declared type; null where it is not declared whole.</summary>
    public static string? Of(TypeProto? type) => type?.ValueCase switch
    {
        TypeProto.ValueOneofCase.TensorType => Of(type.TensorType.ElemType),
        TypeProto.ValueOneofCase.SequenceType => Wrap("seq", Of(type.SequenceType.ElemType)),
        TypeProto.ValueOneofCase.OptionalType => Wrap("opt", Of(type.OptionalType.ElemType)),
        TypeProto.ValueOneofCase.SparseTensorType => Wrap("sparse", Of(type.SparseTensorType.ElemType)),
        TypeProto.ValueOneofCase.MapType => Of(type.MapType.KeyType) is { } key && Of(type.MapType.ValueType) is { } value
            ? $"map({key}:{value})"
            : null,
        TypeProto.ValueOneofCase.OpaqueType =>
            $"opaque({PrintableText.Shorten(type.OpaqueType.Domain)}.{PrintableText.Shorten(type.OpaqueType.Name)})",
        _ => null,
    };

    /// <summary>The element type of a tensor; null where the type is none of a tensor.</summary>
    public static OnnxElementType? Element(string type) => Elements.TryGetValue(type, out OnnxElementType element) ? element : null;

    /// <summary>A sequence or optional of a type.</summary>
    public static string? Wrap(string kind, string? inner) => inner is null ? null : $"{kind}({inner})";

    /// <summary>What a sequence or optional is of; null where the type is none.</summary>
    public static string? Unwrap(string kind, string? type) =>
        type is not null && type.StartsWith(kind, StringComparison.Ordinal) && type.Length > kind.Length + 2
        && type[kind.Length] == '(' ? type[(kind.Length + 1)..^1] : null;
}
