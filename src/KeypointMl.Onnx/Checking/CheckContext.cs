using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx;

/// <summary>What holds at a place in a model.</summary>
/// <param name="Problems">Where what is wrong is listed.</param>
/// <param name="IrVersion">The version of the file format.</param>
/// <param name="Opsets">The versions of the imported operators by domain; the standard domain under the empty name.</param>
/// <param name="Functions">The model's functions by domain, name and overload.</param>
internal sealed record CheckContext(
    ProblemList Problems,
    long IrVersion,
    IReadOnlyDictionary<string, long> Opsets,
    IReadOnlyDictionary<(string Domain, string Name, string Overload), FunctionProto> Functions)
{
    /// <summary>The function whose body this is, or null.</summary>
    public FunctionProto? Function { get; init; }

    /// <summary>The version of the standard operators; 0 where none is imported.</summary>
    public long Opset => Opsets.GetValueOrDefault("");

    /// <summary>The imported versions by domain.</summary>
    public static Dictionary<string, long> Imports(IEnumerable<OperatorSetIdProto> imports)
    {
        var opsets = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (OperatorSetIdProto import in imports)
            opsets[StandardOperators.IsStandardDomain(import.Domain) ? "" : import.Domain] = import.Version;
        return opsets;
    }
}
