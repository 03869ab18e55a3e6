using Google.Protobuf.Reflection;

namespace KeypointMl.Onnx.Model;

/// <summary>How one field of a protobuf message must look in a file.</summary>
internal sealed class WireField
{
    /// <summary>Reads what matters from the compiled description of the message.</summary>
    public WireField(FieldDescriptor field, WireFields? message)
    {
        Number = field.FieldNumber;
        Name = field.Name;
        IsRepeated = field.IsRepeated;
        IsString = field.FieldType == FieldType.String;
        IsName = IsString && field.Name is not ("doc_string" or "value" or "denotation");
        Message = message;
        WireType = field.FieldType switch
        {
            FieldType.Float => WireScanner.Fixed32,
            FieldType.Double => WireScanner.Fixed64,
            FieldType.String or FieldType.Bytes or FieldType.Message => WireScanner.Length,
            _ => WireScanner.Varint,
        };
        // The texts of attributes and string tensors; raw_data is limited as a tensor.
        IsText = WireType == WireScanner.Length && message is null && field.Name != "raw_data";
        ElementBytes = field.FieldType is FieldType.Float or FieldType.Int32 or FieldType.Enum ? 4 : 8;
    }

    public int Number { get; }

    public string Name { get; }

    public bool IsRepeated { get; }

    /// <summary>Whether it is text that must be UTF-8.</summary>
    public bool IsString { get; }

    /// <summary>Whether it is text that names something.</summary>
    public bool IsName { get; }

    /// <summary>Whether it is text or bytes of limited length.</summary>
    public bool IsText { get; }

    /// <summary>The message it holds, or null.</summary>
    public WireFields? Message { get; }

    /// <summary>How a single value is written.</summary>
    public int WireType { get; }

    /// <summary>How many bytes a number takes in memory.</summary>
    public int ElementBytes { get; }

    /// <summary>Whether it is a list of numbers, which may be written as one block.</summary>
    public bool MayBePacked => IsRepeated && WireType != WireScanner.Length;
}
