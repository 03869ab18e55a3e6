using System.Text.Unicode;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx.Model;

/// <summary>
/// Checks that every stored tensor holds what its element type and shape announce, and fetches those that lie in other
/// files.
/// </summary>
internal static class TensorContents
{
    // No operator makes and no runtime takes more.
    private const int MaxRank = 64;

    /// <summary>Checks all tensors of a model.</summary>
    /// <exception cref="OnnxException">A tensor is broken, or all together are too large.</exception>
    public static void Check(ModelProto model, string where, OnnxLoadOptions options)
    {
        using var external = new ExternalData(options.ExternalDataFolder);
        long total = 0;
        foreach ((TensorProto tensor, string place) in ModelWalk.Tensors(model))
        {
            string what = where + place;
            long count = Count(tensor, what);
            var type = (OnnxElementType)tensor.DataType;
            if (type.SizeInBits() == 0 && type != OnnxElementType.String)
            {
                throw new OnnxException(
                    $"{what} has element type {tensor.DataType}, which is not known here; expected one of {nameof(OnnxElementType)}.");
            }
            if (tensor.Segment is not null)
                throw new OnnxException($"{what} is stored in segments, which no reader of ONNX puts together. Save the model anew.");
            // Counted before anything is read from another file.
            total += type == OnnxElementType.String ? tensor.StringData.Sum(text => (long)text.Length) : type.BytesFor(count);
            if (total > options.MaxInitializerBytes)
            {
                throw new OnnxException(
                    $"{what} brings the stored tensors to {total} bytes; at most {options.MaxInitializerBytes} are accepted. "
                    + $"Raise {nameof(OnnxLoadOptions)}.{nameof(OnnxLoadOptions.MaxInitializerBytes)} if you trust the file.");
            }
            if (tensor.DataLocation == TensorProto.Types.DataLocation.External || tensor.ExternalData.Count > 0)
                external.Load(tensor, type, count, what);
            CheckContent(tensor, type, count, what);
        }
    }

    private static long Count(TensorProto tensor, string what)
    {
        if (tensor.Dims.Count > MaxRank)
            throw new OnnxException($"{what} has {tensor.Dims.Count} dimensions; at most {MaxRank} are accepted.");
        long count = 1;
        bool overflow = false;
        foreach (long size in tensor.Dims)
        {
            overflow |= size < 0 || (size > 0 && count > int.MaxValue / size);
            count = overflow ? 0 : count * size;
        }
        return overflow
            ? throw new OnnxException(
                $"{what} has shape [{string.Join(',', tensor.Dims)}], which no tensor in a file of at most 2 GiB can have: "
                + "the file is corrupt.")
            : count;
    }

    private static void CheckContent(TensorProto tensor, OnnxElementType type, long count, string what)
    {
        string shape = $"of shape [{string.Join(',', tensor.Dims)}]";
        int filled = Fields(tensor).Count(field => field.Count > 0);
        if (filled > 1)
        {
            throw new OnnxException(
                $"{what} stores its elements in {filled} fields "
                + $"({string.Join(", ", Fields(tensor).Where(field => field.Count > 0).Select(field => field.Name))}); "
                + "expected one: the file is corrupt.");
        }
        if (tensor.RawData.Length > 0)
        {
            if (type == OnnxElementType.String)
                throw new OnnxException($"{what} {shape} stores text as raw_data; expected string_data: the file is corrupt.");
            if (tensor.RawData.Length != type.BytesFor(count))
            {
                throw new OnnxException(
                    $"{what} {shape} should hold {count} elements and holds {ElementsIn(tensor.RawData.Length, type)} "
                    + $"({tensor.RawData.Length} bytes of {type}): the file is corrupt.");
            }
            return;
        }
        (string field, long found) = Typed(tensor, type, count);
        if (filled == 1 && found == 0)
        {
            throw new OnnxException(
                $"{what} {shape} stores {type} in {Fields(tensor).First(candidate => candidate.Count > 0).Name}; "
                + $"expected {field} or raw_data: the file is corrupt.");
        }
        if (found != count)
            throw new OnnxException($"{what} {shape} should hold {count} elements and holds {found}: the file is corrupt.");
        if (tensor.StringData.Any(text => !Utf8.IsValid(text.Span)))
            throw new OnnxException($"{what} {shape} holds text that is not UTF-8: the file is corrupt.");
    }

    private static (string Name, long Count)[] Fields(TensorProto tensor) =>
    [
        ("raw_data", tensor.RawData.Length),
        ("float_data", tensor.FloatData.Count),
        ("int32_data", tensor.Int32Data.Count),
        ("string_data", tensor.StringData.Count),
        ("int64_data", tensor.Int64Data.Count),
        ("double_data", tensor.DoubleData.Count),
        ("uint64_data", tensor.Uint64Data.Count),
    ];

    // How many elements the field that is meant for a type holds; small ones are packed into bytes, one of which each number carries.
    private static (string Field, long Count) Typed(TensorProto tensor, OnnxElementType type, long count)
    {
        (string field, long found, int numbersPer) = type switch
        {
            OnnxElementType.Float => ("float_data", tensor.FloatData.Count, 1),
            OnnxElementType.Complex64 => ("float_data", tensor.FloatData.Count, 2),
            OnnxElementType.Double => ("double_data", tensor.DoubleData.Count, 1),
            OnnxElementType.Complex128 => ("double_data", tensor.DoubleData.Count, 2),
            OnnxElementType.Int64 => ("int64_data", tensor.Int64Data.Count, 1),
            OnnxElementType.UInt32 or OnnxElementType.UInt64 => ("uint64_data", tensor.Uint64Data.Count, 1),
            OnnxElementType.String => ("string_data", tensor.StringData.Count, 1),
            _ => ("int32_data", (long)tensor.Int32Data.Count, 1),
        };
        if (type.SizeInBits() is > 0 and < 8)
            return (field, found == type.BytesFor(count) ? count : found * 8 / type.SizeInBits());
        return (field, found % numbersPer == 0 ? found / numbersPer : -1);
    }

    private static long ElementsIn(long bytes, OnnxElementType type) => bytes * 8 / type.SizeInBits();
}
