using KeypointMl.Onnx.Operators;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx.Checking;

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

    /// <summary>Whether operators of the standard domain that ONNX does not have, as other tools write them, are let pass.</summary>
    public bool TakesUnknownOperators { get; init; }

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

/// <summary>
/// Collects what is wrong, a sentence each, up to a number that a reader can take in: a hostile file may have a problem
/// per byte.
/// </summary>
internal sealed class ProblemList
{
    private const int Max = 100;
    private readonly List<string> problems = [];
    private int left;

    /// <summary>The sentences.</summary>
    public IReadOnlyList<string> Sentences => left == 0 ? problems : [.. problems, $"And {left} more."];

    /// <summary>Whether further sentences are only counted.</summary>
    public bool IsFull => problems.Count >= Max;

    /// <summary>Adds a sentence.</summary>
    public void Add(string problem)
    {
        if (!IsFull)
            problems.Add(problem);
        else
            left++;
    }
}

/// <summary>The names of values that can be read at a place in a graph: its own, and those of the graphs around it.</summary>
/// <param name="outer">The names around, or null.</param>
internal sealed class ValueScope(ValueScope? outer)
{
    private readonly HashSet<string> names = new(StringComparer.Ordinal);

    /// <summary>Adds a name of this graph; false if the graph has it already.</summary>
    public bool Add(string name) => names.Add(name);

    /// <summary>Whether this graph has the name.</summary>
    public bool HasOwn(string name) => names.Contains(name);

    /// <summary>Whether this graph or one around it has the name.</summary>
    public bool Has(string name) => names.Contains(name) || HasOuter(name);

    /// <summary>Whether a graph around this one has the name.</summary>
    public bool HasOuter(string name) => outer is not null && outer.Has(name);
}
