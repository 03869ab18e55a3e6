using System.Collections.Immutable;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx.Model;

/// <summary>The name, element type and shape of a graph's input, output or inner value.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="ElementType">Its element type; <see cref="OnnxElementType.Undefined"/> where it is not a tensor or not stated.</param>
/// <param name="Dimensions">Its shape; default (not empty) where not even the rank is stated.</param>
public sealed record OnnxValueInfo(string Name, OnnxElementType ElementType, ImmutableArray<OnnxDimension> Dimensions)
{
    /// <inheritdoc/>
    public bool Equals(OnnxValueInfo? other) =>
        other is not null && Name == other.Name && ElementType == other.ElementType && Dimensions.IsDefault == other.Dimensions.IsDefault
        && (Dimensions.IsDefault || Dimensions.SequenceEqual(other.Dimensions));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, ElementType, Dimensions.IsDefault ? -1 : Dimensions.Length);

    /// <summary>As in <c>image: UInt8 [N,128,128,3]</c>.</summary>
    public override string ToString() => $"{Name}: {ElementType} {(Dimensions.IsDefault ? "[…]" : $"[{string.Join(',', Dimensions)}]")}";

    internal static OnnxValueInfo From(ValueInfoProto proto)
    {
        TypeProto.Types.Tensor? tensor = proto.Type?.TensorType;
        return tensor?.Shape is not { } shape
            ? new OnnxValueInfo(proto.Name, (OnnxElementType)(tensor?.ElemType ?? 0), default)
            : new OnnxValueInfo(proto.Name, (OnnxElementType)tensor.ElemType, [.. shape.Dim.Select(ToDimension)]);
    }

    internal ValueInfoProto ToProto()
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)ElementType };
        if (!Dimensions.IsDefault)
        {
            tensor.Shape = new TensorShapeProto();
            tensor.Shape.Dim.AddRange(Dimensions.Select(ToProto));
        }
        return new ValueInfoProto { Name = Name, Type = new TypeProto { TensorType = tensor } };
    }

    private static OnnxDimension ToDimension(TensorShapeProto.Types.Dimension dimension) => dimension.ValueCase switch
    {
        TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue when dimension.DimValue >= 0 => dimension.DimValue,
        TensorShapeProto.Types.Dimension.ValueOneofCase.DimParam when !string.IsNullOrWhiteSpace(dimension.DimParam) => dimension.DimParam,
        _ => OnnxDimension.Unknown,
    };

    private static TensorShapeProto.Types.Dimension ToProto(OnnxDimension dimension)
    {
        var proto = new TensorShapeProto.Types.Dimension();
        if (dimension.Value is { } value)
            proto.DimValue = value;
        else if (dimension.Symbol is { } symbol)
            proto.DimParam = symbol;
        return proto;
    }
}
