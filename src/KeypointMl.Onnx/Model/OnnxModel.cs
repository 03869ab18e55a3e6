using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using Google.Protobuf;
using KeypointMl.Onnx.Building;
using KeypointMl.Onnx.Files;
using KeypointMl.Onnx.Inspection;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx.Model;

/// <summary>
/// An ONNX model in memory: its graph, weights and metadata. Loaded within limits, changed by passes, saved atomically.
/// Graphs are built with <see cref="OnnxGraphBuilder"/>. Not safe for concurrent change.
/// </summary>
public sealed class OnnxModel
{
    private const long LargestFile = int.MaxValue - (1 << 20);

    internal OnnxModel(ModelProto proto) => Proto = proto;

    /// <summary>The version of the ONNX file format.</summary>
    public long IrVersion => Proto.IrVersion;

    /// <summary>The version of the standard operators.</summary>
    public long Opset => Proto.OpsetImport.First(opset => opset.Domain is "" or "ai.onnx").Version;

    /// <summary>Which tool wrote the model.</summary>
    public string ProducerName => Proto.ProducerName;

    /// <summary>Which version of the tool.</summary>
    public string ProducerVersion => Proto.ProducerVersion;

    /// <summary>The graph's name.</summary>
    public string GraphName => Proto.Graph.Name;

    /// <summary>What a caller must feed: the graph's inputs that have no stored value, in order.</summary>
    public ImmutableArray<OnnxValueInfo> Inputs
    {
        get
        {
            // Until IR version 3 initializers had to be listed among the inputs as well.
            var stored = Proto.Graph.Initializer.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
            return [.. Proto.Graph.Input.Where(input => !stored.Contains(input.Name)).Select(OnnxValueInfo.From)];
        }
    }

    /// <summary>What the graph gives, in order.</summary>
    public ImmutableArray<OnnxValueInfo> Outputs => [.. Proto.Graph.Output.Select(OnnxValueInfo.From)];

    /// <summary>The nodes, in the graph's order.</summary>
    public ImmutableArray<OnnxNode> Nodes => [.. Proto.Graph.Node.Select(OnnxNode.From)];

    /// <summary>The stored constants and weights.</summary>
    public ImmutableArray<OnnxInitializer> Initializers =>
        [.. Proto.Graph.Initializer.Select(tensor => new OnnxInitializer(tensor.Name, (OnnxElementType)tensor.DataType, [.. tensor.Dims]))];

    /// <summary>The model's metadata (<c>metadata_props</c>): free text by key.</summary>
    public ImmutableSortedDictionary<string, string> Metadata
    {
        get
        {
            ImmutableSortedDictionary<string, string>.Builder metadata =
                ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
            foreach (StringStringEntryProto entry in Proto.MetadataProps)
                metadata[entry.Key] = entry.Value;
            return metadata.ToImmutable();
        }
    }

    internal ModelProto Proto { get; }

    /// <summary>Loads a model from a file and checks that it is one; <see cref="OnnxChecker"/> checks the graph itself.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Limits; default <see cref="OnnxLoadOptions.Default"/>.</param>
    /// <exception cref="OnnxException">
    /// The file is truncated, corrupt, too large, not ONNX, of an opset outside the limits, or keeps weights in other
    /// files.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static OnnxModel Load(string path, OnnxLoadOptions? options = null) =>
        new(OnnxModelReader.Read(path, options ?? OnnxLoadOptions.Default));

    /// <summary>Loads a model from memory and checks that it is one; <see cref="OnnxChecker"/> checks the graph itself.</summary>
    /// <param name="bytes">The content of an .onnx file.</param>
    /// <param name="options">Limits; default <see cref="OnnxLoadOptions.Default"/>.</param>
    /// <exception cref="OnnxException">As for a file.</exception>
    public static OnnxModel Load(ReadOnlyMemory<byte> bytes, OnnxLoadOptions? options = null) =>
        new(OnnxModelReader.Read(bytes, options ?? OnnxLoadOptions.Default));

    /// <summary>
    /// Writes the model to a file: first under a temporary name beside it, flushed to the disk, then renamed, so that
    /// the name never holds half a model.
    /// </summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <exception cref="OnnxException">The model is larger than protobuf's 2 GiB; nothing was written.</exception>
    /// <exception cref="IOException">The file cannot be written; an older file is left as it was.</exception>
    public void Save(string path)
    {
        RequireOneFile();
        AtomicFile.Write(path, Proto.WriteTo);
    }

    /// <summary>The content of the .onnx file.</summary>
    /// <exception cref="OnnxException">The model is larger than protobuf's 2 GiB.</exception>
    public byte[] ToArray()
    {
        RequireOneFile();
        return Proto.ToByteArray();
    }

    /// <summary>An independent copy, to change without changing this one.</summary>
    public OnnxModel Clone() => new(Proto.Clone());

    /// <summary>
    /// Copies the stored tensors that still share memory given to <see cref="OnnxGraphBuilder.AddSharedInitializer"/>,
    /// so that the memory may be changed or freed.
    /// </summary>
    public void OwnData()
    {
        foreach (TensorProto tensor in Proto.Graph.Initializer)
        {
            if (tensor.RawData.Length > 0 && !MemoryMarshal.TryGetArray(tensor.RawData.Memory, out _))
                tensor.RawData = ByteString.CopyFrom(tensor.RawData.Span);
        }
    }

    /// <summary>Stores a metadata text, replacing an earlier one.</summary>
    /// <param name="key">A key; by custom prefixed with whose it is, as in <c>keypointml.contract</c>.</param>
    /// <param name="value">The text.</param>
    public void SetMetadata(string key, string value)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        ArgumentNullException.ThrowIfNull(value);
        RemoveMetadata(key);
        Proto.MetadataProps.Add(new StringStringEntryProto { Key = key, Value = value });
    }

    /// <summary>Removes a metadata text.</summary>
    /// <param name="key">Its key.</param>
    /// <returns>Whether there was one.</returns>
    public bool RemoveMetadata(string key)
    {
        StringStringEntryProto[] found = [.. Proto.MetadataProps.Where(entry => entry.Key == key)];
        foreach (StringStringEntryProto entry in found)
            Proto.MetadataProps.Remove(entry);
        return found.Length > 0;
    }

    /// <summary>
    /// What a file of it takes. Protobuf counts in 32 bits and wraps round, so from 2 GiB on it is the sum of the nodes
    /// and the stored tensors alone.
    /// </summary>
    internal long CalculateSize()
    {
        long parts = Proto.Graph.Initializer.Sum(tensor => (long)tensor.CalculateSize()) +
            Proto.Graph.Node.Sum(node => (long)node.CalculateSize());
        return parts > LargestFile ? parts : Proto.CalculateSize();
    }

    private void RequireOneFile()
    {
        if (CalculateSize() is var size && size > LargestFile)
        {
            throw new OnnxException(string.Create(CultureInfo.InvariantCulture,
                $"The model would take {size / 1e9:0.0} GB, but an ONNX file in one piece ends at 2 GiB, the limit of " +
                $"protobuf. Store its weights in fewer bits, or divide it into several models."));
        }
    }
}
