using Google.Protobuf.Reflection;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx.Model;

/// <summary>The fields of one protobuf message by their numbers, and what a message costs in memory.</summary>
internal sealed class WireFields
{
    /// <summary>No field of ONNX has a higher number.</summary>
    public const int Count = 32;

    private static readonly Dictionary<string, WireFields> Messages = new(StringComparer.Ordinal);

    private readonly WireField?[] fields = new WireField?[Count];

    private WireFields(MessageDescriptor message)
    {
        Name = message.Name;
        // An object's head, a reference or number per field, and a list object per repeated field.
        ObjectBytes = 40 + message.Fields.InDeclarationOrder().Sum(field => field.IsRepeated ? 48 : 8);
        // Registered before its fields are read: graphs contain themselves.
        Messages.Add(message.FullName, this);
        foreach (FieldDescriptor field in message.Fields.InDeclarationOrder())
            fields[field.FieldNumber] = new WireField(field, field.FieldType == FieldType.Message ? Of(field.MessageType) : null);
    }

    /// <summary>The fields of a model.</summary>
    public static WireFields Model { get; } = Of(ModelProto.Descriptor);

    /// <summary>The message's name.</summary>
    public string Name { get; }

    /// <summary>About how many bytes the empty message takes in memory.</summary>
    public int ObjectBytes { get; }

    /// <summary>A field; null where the number is not one that is known here.</summary>
    public WireField? this[uint number] => number < Count ? fields[number] : null;

    private static WireFields Of(MessageDescriptor message) =>
        Messages.TryGetValue(message.FullName, out WireFields? known) ? known : new WireFields(message);
}
