using Google.Protobuf;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx;

/// <summary>Turns bytes into a model, or says why they are not one.</summary>
internal static class OnnxModelReader
{
    /// <summary>Reads a file.</summary>
    public static ModelProto Read(string path, OnnxLoadOptions options)
    {
        long length = new FileInfo(path).Length;
        CheckSize(length, options, path);
        using FileStream stream = File.OpenRead(path);
        return Read(stream, path, options);
    }

    /// <summary>Reads a buffer.</summary>
    public static ModelProto Read(ReadOnlyMemory<byte> bytes, OnnxLoadOptions options)
    {
        const string Where = "the given bytes";
        CheckSize(bytes.Length, options, Where);
        using var stream = new MemoryStream(bytes.ToArray(), writable: false);
        return Read(stream, Where, options);
    }

    private static ModelProto Read(Stream stream, string where, OnnxLoadOptions options)
    {
        ModelProto model;
        try
        {
            int limit = (int)Math.Min(options.MaxBytes, int.MaxValue);
            model = ModelProto.Parser.ParseFrom(CodedInputStream.CreateWithLimits(stream, limit, options.MaxDepth));
        }
        catch (Exception exception) when (exception is InvalidProtocolBufferException or ArgumentException or OverflowException)
        {
            throw new OnnxException(
                $"{where} is not a whole ONNX model: {exception.Message.Split('\n')[0].TrimEnd()} The file may be truncated, corrupt, or of another kind; obtain or export it again.",
                exception);
        }
        CheckHead(model, where, options);
        CheckInitializers(model, where);
        return model;
    }

    private static void CheckSize(long length, OnnxLoadOptions options, string where)
    {
        if (length == 0)
            throw new OnnxException($"{where} is empty; expected an ONNX model.");
        if (length > options.MaxBytes)
            throw new OnnxException($"{where} has {length} bytes; at most {options.MaxBytes} are accepted. Raise {nameof(OnnxLoadOptions)}.{nameof(OnnxLoadOptions.MaxBytes)} if you trust it.");
    }

    private static void CheckHead(ModelProto model, string where, OnnxLoadOptions options)
    {
        if (model.Graph is null || model.IrVersion <= 0)
        {
            throw new OnnxException(
                $"{where} is not an ONNX model: it has {(model.Graph is null ? "no graph" : $"IR version {model.IrVersion}")}. It may be a file of another kind, or truncated.");
        }
        if (model.Graph.Node.Count > options.MaxNodes)
            throw new OnnxException($"{where} has {model.Graph.Node.Count} nodes; at most {options.MaxNodes} are accepted. Raise {nameof(OnnxLoadOptions)}.{nameof(OnnxLoadOptions.MaxNodes)} if you trust it.");
        OperatorSetIdProto? standard = model.OpsetImport.FirstOrDefault(opset => opset.Domain is "" or "ai.onnx");
        if (standard is null)
            throw new OnnxException($"{where} does not say which version of the ONNX operators it uses (opset_import is missing): it is truncated, or not an ONNX model.");
        if (standard.Version < options.MinOpset || standard.Version > options.MaxOpset)
            throw new OnnxException($"{where} uses version {standard.Version} of the ONNX operators (opset); {options.MinOpset} to {options.MaxOpset} are accepted. Export it again with an opset in that range.");
    }

    private static void CheckInitializers(ModelProto model, string where)
    {
        foreach (TensorProto tensor in model.Graph.Initializer)
        {
            if (tensor.DataLocation == TensorProto.Types.DataLocation.External || tensor.ExternalData.Count > 0)
            {
                throw new OnnxException(
                    $"{where}: initializer '{tensor.Name}' lives in another file (external data), which is not followed: such a path could name any file. Save the model with its weights inside.");
            }
            int size = ((OnnxElementType)tensor.DataType).SizeInBytes();
            if (size == 0 && tensor.DataType != (int)OnnxElementType.String)
                throw new OnnxException($"{where}: initializer '{tensor.Name}' has element type {tensor.DataType}, which is not known here; expected one of {nameof(OnnxElementType)}.");
            long expected = Count(tensor, where);
            long found = tensor.RawData.Length > 0 ? tensor.RawData.Length / Math.Max(size, 1) : TypedCount(tensor);
            if (found != expected || (tensor.RawData.Length > 0 && tensor.RawData.Length % Math.Max(size, 1) != 0))
                throw new OnnxException($"{where}: initializer '{tensor.Name}' of shape [{string.Join(',', tensor.Dims)}] should hold {expected} elements and holds {found}: the file is corrupt.");
        }
    }

    private static long Count(TensorProto tensor, string where)
    {
        long count = 1;
        foreach (long size in tensor.Dims)
        {
            if (size < 0 || (size > 0 && count > int.MaxValue / size))
                throw new OnnxException($"{where}: initializer '{tensor.Name}' has shape [{string.Join(',', tensor.Dims)}], which no tensor in a file of at most 2 GiB can have: the file is corrupt.");
            count *= size;
        }
        return count;
    }

    private static int TypedCount(TensorProto tensor) => (OnnxElementType)tensor.DataType switch
    {
        OnnxElementType.Float => tensor.FloatData.Count,
        OnnxElementType.Complex64 => tensor.FloatData.Count / 2,
        OnnxElementType.Double => tensor.DoubleData.Count,
        OnnxElementType.Complex128 => tensor.DoubleData.Count / 2,
        OnnxElementType.Int64 => tensor.Int64Data.Count,
        OnnxElementType.UInt32 or OnnxElementType.UInt64 => tensor.Uint64Data.Count,
        OnnxElementType.String => tensor.StringData.Count,
        _ => tensor.Int32Data.Count,
    };
}
