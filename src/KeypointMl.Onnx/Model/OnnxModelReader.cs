using System.Globalization;
using Google.Protobuf;
using KeypointMl.Onnx.Files;
using KeypointMl.Onnx.Operators;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx.Model;

/// <summary>
/// Turns bytes into a model, or says why they are not one. In this order, each before the next takes memory: the size,
/// the kind of file, the encoding and its limits (<see cref="WireScanner"/>), the versions, every stored tensor
/// (<see cref="TensorContents"/>), and tensors in other files (<see cref="ExternalData"/>).
/// </summary>
internal static class OnnxModelReader
{
    // The first version of the file format that says which versions of the operators it uses.
    private const int MinIrVersion = 3;

    /// <summary>Reads a file.</summary>
    public static ModelProto Read(string path, OnnxLoadOptions options)
    {
        options.Validate();
        // Before it is opened: pipes and devices have no length, and opening one may wait for ever.
        var file = new FileInfo(path);
        CheckSize((file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file).Length, options, path);
        using FileStream stream = File.OpenRead(path);
        CheckSize(stream.Length, options, path);
        byte[] bytes = GC.AllocateUninitializedArray<byte>((int)stream.Length);
        stream.ReadExactly(bytes);
        return Read(bytes, path, options);
    }

    /// <summary>Reads a buffer.</summary>
    public static ModelProto Read(ReadOnlyMemory<byte> bytes, OnnxLoadOptions options)
    {
        options.Validate();
        const string Where = "the given model";
        CheckSize(bytes.Length, options, Where);
        return Read(bytes.Span, Where, options);
    }

    private static ModelProto Read(ReadOnlySpan<byte> bytes, string where, OnnxLoadOptions options)
    {
        if (FileSignature.Recognize(bytes) is { } kind)
            throw new OnnxException($"{where} is not an ONNX model but of another kind; it is {kind}.");
        WireScanner.Scan(bytes, where, options);
        ModelProto model;
        try
        {
            model = ModelProto.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new OnnxException(
                $"{where} is not a whole ONNX model: {exception.Message.Split('\n')[0].TrimEnd()} Obtain or export it again.", exception);
        }
        CheckHead(model, where, options);
        RefuseWhatIsNotRead(model, where);
        TensorContents.Check(model, where, options);
        return model;
    }

    private static void CheckSize(long length, OnnxLoadOptions options, string where)
    {
        if (length == 0)
            throw new OnnxException($"{where} is empty, or no regular file; expected an ONNX model.");
        if (length > options.MaxBytes)
        {
            throw new OnnxException(
                $"{where} has {length} bytes; at most {options.MaxBytes} are accepted. "
                + $"Raise {nameof(OnnxLoadOptions)}.{nameof(OnnxLoadOptions.MaxBytes)} if you trust it.");
        }
        if (length > Array.MaxLength)
        {
            throw new OnnxException(
                $"{where} has {length} bytes; the ONNX format ends at 2 GiB. Save the weights in a file of their own (external data).");
        }
    }

    private static void CheckHead(ModelProto model, string where, OnnxLoadOptions options)
    {
        if (model.Graph is null || model.IrVersion <= 0)
        {
            throw new OnnxException(
                $"{where} is not an ONNX model: "
                + $"it has {(model.Graph is null ? "no graph" : $"IR version {model.IrVersion}")}. "
                + "It may be a file of another kind, or truncated.");
        }
        if (model.IrVersion < MinIrVersion || model.IrVersion > options.MaxIrVersion)
        {
            throw new OnnxException(
                $"{where} has version {model.IrVersion} of the ONNX file format (IR version); "
                + $"{MinIrVersion} to {options.MaxIrVersion} are known here. Export it again for one of these.");
        }
        long[] standard = [.. model.OpsetImport.Where(import => StandardOperators.IsStandardDomain(import.Domain))
            .Select(import => import.Version)];
        if (standard.Length == 0)
        {
            throw new OnnxException(
                $"{where} does not say which version of the ONNX operators it uses (opset_import is missing): "
                + "it is truncated, or not an ONNX model.");
        }
        IGrouping<string, OperatorSetIdProto>? twice =
            model.OpsetImport.GroupBy(import => StandardOperators.IsStandardDomain(import.Domain) ? "" : import.Domain)
            .FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
        {
            string versions = string.Join(", ", twice.Take(8).Select(import => import.Version.ToString(CultureInfo.InvariantCulture)));
            throw new OnnxException(
                $"{where} imports the operators of domain '{PrintableText.Shorten(twice.Key)}' {twice.Count()} times (versions "
                + $"{versions}); expected once. Export it again.");
        }
        if (standard[0] < options.MinOpset || standard[0] > options.MaxOpset)
        {
            throw new OnnxException(
                $"{where} uses version {standard[0]} of the ONNX operators (opset); "
                + $"{options.MinOpset} to {options.MaxOpset} are accepted. Export it again with an opset in that range.");
        }
    }

    private static void RefuseWhatIsNotRead(ModelProto model, string where)
    {
        if (model.TrainingInfo.Count > 0)
        {
            throw new OnnxException(
                $"{where} carries training_info (graphs that train it), which is not checked here and so not accepted. "
                + "Export the model for inference.");
        }
        foreach ((GraphProto graph, string place) in ModelWalk.Graphs(model))
        {
            if (graph.SparseInitializer.Count > 0)
            {
                string name = PrintableText.Shorten(graph.SparseInitializer[0].Values?.Name ?? "");
                throw new OnnxException(
                    $"{where}{place}: initializer '{name}' is sparse, which is not checked here and so not accepted. "
                    + "Export the model with dense weights.");
            }
        }
        foreach ((AttributeProto attribute, string place) in ModelWalk.Attributes(model))
        {
            if (attribute.SparseTensor is not null || attribute.SparseTensors.Count > 0)
            {
                throw new OnnxException(
                    $"{where}{place} holds a sparse tensor, which is not checked here and so not accepted. "
                    + "Export the model with dense constants.");
            }
        }
    }
}
