using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using AttributeType = KeypointMl.Onnx.Protobuf.AttributeProto.Types.AttributeType;

namespace KeypointMl.Onnx.Operators;

/// <summary>Reads the lines of <c>standard-operators.txt</c>; its head describes the notation.</summary>
internal static class OperatorTableParser
{
    private const string Counts = "outputs:";

    private static readonly Dictionary<string, string[]> Groups = new(StringComparer.Ordinal)
    {
        ["real"] = ["float16", "float", "double"],
        ["int"] = ["int8", "int16", "int32", "int64"],
        ["uint"] = ["uint8", "uint16", "uint32", "uint64"],
        ["complex"] = ["complex64", "complex128"],
        ["float8"] = ["float8e4m3fn", "float8e4m3fnuz", "float8e5m2", "float8e5m2fnuz"],
        ["any4"] = ["uint4", "int4"],
        ["any2"] = ["uint2", "int2"],
    };

    /// <summary>Reads one operator.</summary>
    public static OperatorSchema Parse(string line)
    {
        string[] words = line.Split(' ', 3);
        int since = int.Parse(words[1], CultureInfo.InvariantCulture);
        if (words[2] == "deprecated")
        {
            return new OperatorSchema(words[0], since, IsDeprecated: true, [], [], FrozenDictionary<string, OperatorAttribute>.Empty,
                FrozenDictionary<string, FrozenSet<string>>.Empty);
        }
        // (inputs) -> (outputs) [attributes] Variable=types …
        int arrow = words[2].IndexOf(") -> (", StringComparison.Ordinal);
        int open = words[2].IndexOf(") [", arrow, StringComparison.Ordinal);
        int close = words[2].IndexOf(']', open);
        (ImmutableArray<OperatorParameter> inputs, int minInputs) = Parameters(words[2][1..arrow]);
        (ImmutableArray<OperatorParameter> outputs, int minOutputs) = Parameters(words[2][(arrow + 6)..open]);
        string[] last = Words(words[2][(close + 1)..]);
        Dictionary<string, FrozenSet<string>> types = last.Where(word => !word.StartsWith(Counts, StringComparison.Ordinal))
            .Select(word => word.Split('=', 2)).ToDictionary(pair => pair[0], pair => Types(pair[1]).ToFrozenSet());
        foreach (OperatorParameter parameter in inputs.Concat(outputs))
            types.TryAdd(parameter.Type, Types(parameter.Type).ToFrozenSet());
        return new OperatorSchema(words[0], since, IsDeprecated: false, inputs, outputs,
            Words(words[2][(open + 3)..close]).Select(Attribute).ToFrozenDictionary(attribute => attribute.Name),
            types.ToFrozenDictionary())
        {
            MinInputs = minInputs,
            MinOutputs = minOutputs,
            OutputCounts = [.. last.Where(word => word.StartsWith(Counts, StringComparison.Ordinal))
                .SelectMany(word => word[Counts.Length..].Split('|')).Select(number => int.Parse(number, CultureInfo.InvariantCulture))],
        };
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static (ImmutableArray<OperatorParameter> Parameters, int Minimum) Parameters(string text)
    {
        var parameters = ImmutableArray.CreateBuilder<OperatorParameter>();
        int minimum = 0;
        foreach (string word in Words(text))
        {
            string[] pair = word.Split(':', 2);
            string name = pair[0].TrimEnd('?', '*', '+', '~');
            string flags = pair[0][name.Length..];
            parameters.Add(new OperatorParameter(name, pair[1], flags.Contains('?'), flags.Contains('*')
                || flags.Contains('+'), flags.Contains('~')));
            // As in the specification, an optional parameter in front of a variadic one that may be empty still takes a place.
            minimum = flags switch
            {
                "" or "+" or "+~" => parameters.Count,
                "*" or "*~" => parameters.Count - 1,
                _ => minimum,
            };
        }
        return (parameters.ToImmutable(), minimum);
    }

    private static OperatorAttribute Attribute(string word)
    {
        string[] pair = word.Split(':', 2);
        string kind = new([.. pair[1].TakeWhile(char.IsAsciiLetter)]);
        string rest = pair[1][kind.Length..];
        bool required = rest.StartsWith('!');
        rest = rest.TrimStart('!');
        long? minimum = rest.StartsWith(">=", StringComparison.Ordinal) ? long.Parse(rest.AsSpan(2), CultureInfo.InvariantCulture) : null;
        ImmutableArray<string> values = rest.StartsWith('=') ? [.. rest[1..].Split('|')] : [];
        return new OperatorAttribute(pair[0], Kind(kind), required, values, minimum);
    }

    private static AttributeType Kind(string text) => text switch
    {
        "i" => AttributeType.Int,
        "f" => AttributeType.Float,
        "s" => AttributeType.String,
        "t" => AttributeType.Tensor,
        "g" => AttributeType.Graph,
        "sparse" => AttributeType.SparseTensor,
        "type" => AttributeType.TypeProto,
        "I" => AttributeType.Ints,
        "F" => AttributeType.Floats,
        "S" => AttributeType.Strings,
        _ => throw new FormatException($"'{text}' is no kind of attribute; expected i, f, s, t, g, sparse, type, I, F or S."),
    };

    // "real,bool,seq(real,opt(bool))" → float16, float, double, bool, seq(float16), …
    private static IEnumerable<string> Types(string text)
    {
        int start = 0;
        int depth = 0;
        for (int index = 0; index <= text.Length; index++)
        {
            char letter = index < text.Length ? text[index] : ',';
            depth += letter == '(' ? 1 : letter == ')' ? -1 : 0;
            if (letter != ',' || depth > 0)
                continue;
            foreach (string type in Expand(text[start..index]))
                yield return type;
            start = index + 1;
        }
    }

    private static IEnumerable<string> Expand(string term)
    {
        int open = term.IndexOf('(', StringComparison.Ordinal);
        if (open < 0)
            return Groups.TryGetValue(term, out string[]? group) ? group : [term];
        return Types(term[(open + 1)..^1]).Select(inner => $"{term[..open]}({inner})");
    }
}
