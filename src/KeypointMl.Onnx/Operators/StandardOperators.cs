using System.Collections.Frozen;

namespace KeypointMl.Onnx.Operators;

/// <summary>
/// The standard ONNX operators (https://onnx.ai/onnx/operators/) by name and opset, as listed in
/// <c>standard-operators.txt</c>.
/// </summary>
internal static class StandardOperators
{
    /// <summary>The oldest opset that is listed whole.</summary>
    public const int FirstOpset = 7;

    /// <summary>The newest opset that is listed whole.</summary>
    public const int LastOpset = 25;

    private static readonly Lazy<FrozenDictionary<string, OperatorSchema[]>> Operators = new(Read);

    /// <summary>All versions of all operators.</summary>
    public static IEnumerable<OperatorSchema> All => Operators.Value.Values.SelectMany(versions => versions);

    /// <summary>Whether a node is of the standard operators' domain.</summary>
    public static bool IsStandardDomain(string domain) => domain is "" or "ai.onnx";

    /// <summary>Whether an opset is listed.</summary>
    public static bool Knows(long opset) => opset is >= FirstOpset and <= LastOpset;

    /// <summary>An operator as it is in an opset; null where there is none of that name yet.</summary>
    public static OperatorSchema? Find(string name, long opset) =>
        Operators.Value.TryGetValue(name, out OperatorSchema[]? versions)
        ? versions.LastOrDefault(version => version.Since <= opset)
        : null;

    /// <summary>The opset that brought an operator; null where no opset listed here has it.</summary>
    public static int? FirstVersion(string name) =>
        Operators.Value.TryGetValue(name, out OperatorSchema[]? versions) ? versions[0].Since : null;

    private static FrozenDictionary<string, OperatorSchema[]> Read()
    {
        using Stream stream = typeof(StandardOperators).Assembly.GetManifestResourceStream("standard-operators.txt")!;
        using var reader = new StreamReader(stream);
        var schemas = new List<OperatorSchema>();
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
                schemas.Add(OperatorTableParser.Parse(line));
        }
        return schemas.GroupBy(schema => schema.Name)
            .ToFrozenDictionary(group => group.Key, group => group.OrderBy(schema => schema.Since).ToArray(), StringComparer.Ordinal);
    }
}
