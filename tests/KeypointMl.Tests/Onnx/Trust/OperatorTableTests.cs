using System.Text.Json;
using System.Text.Json.Nodes;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Operators;

namespace KeypointMl.Tests.Onnx.Trust;

/// <summary>Our table of operators against the official package's, as far as that one goes.</summary>
[TestClass]
public sealed class OperatorTableTests
{
    // Where the specification was corrected after the package that Debian has: GridSample's second type is that of the
    // grid, Erf takes floats only, and GroupNormalization 18 was withdrawn.
    private static readonly HashSet<(string, int)> Corrected = [("GridSample", 16), ("Erf", 13), ("GroupNormalization", 18)];

    [TestMethod]
    public void Every_operator_is_as_the_official_package_has_it()
    {
        if (OfficialChecker.Schemas() is not { } json)
        {
            Assert.Inconclusive("No Python that has the package 'onnx' was found.");
            return;
        }
        int newest = OfficialChecker.NewestOpset;
        JsonNode[] official = [.. JsonNode.Parse(json)!.AsArray().Select(node => node!)];
        var ours = StandardOperators.All.ToDictionary(schema => (schema.Name, schema.Since));
        var differences = new List<string>();
        int compared = 0;
        foreach (JsonNode theirs in official)
        {
            (string name, int since) key = (theirs["name"]!.GetValue<string>(), theirs["since"]!.GetValue<int>());
            bool inForce = official.Where(node => node["name"]!.GetValue<string>() == key.name)
                .Select(node => node["since"]!.GetValue<int>()).Where(other => other > key.since)
                .All(other => other > StandardOperators.FirstOpset);
            if (!inForce || Corrected.Contains(key))
                continue;
            compared++;
            if (!ours.TryGetValue(key, out OperatorSchema? schema))
                differences.Add($"{key} is missing");
            else
                differences.AddRange(Differences(schema, theirs).Select(difference => $"{key}: {difference}"));
        }
        differences.AddRange(
            ours.Keys.Where(key => key.Since <= newest
                && official.All(node => (node["name"]!.GetValue<string>(), node["since"]!.GetValue<int>()) != key))
                .Select(key => $"{key} is ours alone"));
        Assert.IsEmpty(differences, string.Join("\n", differences));
        Assert.IsGreaterThan(250, compared);
    }

    [TestMethod]
    public void Every_opset_from_7_to_25_has_its_operators()
    {
        Assert.AreEqual(11, StandardOperators.Find("Conv", 21)!.Since);
        Assert.AreEqual(22, StandardOperators.Find("Conv", 22)!.Since);
        Assert.IsNull(StandardOperators.Find("Gelu", 19));
        Assert.AreEqual(20, StandardOperators.FirstVersion("Gelu"));
        Assert.IsNull(StandardOperators.FirstVersion("NoSuch"));
        Assert.IsTrue(StandardOperators.Find("Upsample", 10)!.IsDeprecated);
        foreach (OperatorSchema schema in StandardOperators.All)
        {
            Assert.IsInRange(1, StandardOperators.LastOpset, schema.Since, schema.Name);
            Assert.IsTrue(schema.Types.Values.All(types => types.Count > 0
                && types.All(type => type.Contains('(', StringComparison.Ordinal) || TypeNames.Element(type) is not null)),
                $"{schema.Name} {schema.Since}: a type that there is not");
        }
    }

    private static IEnumerable<string> Differences(OperatorSchema ours, JsonNode theirs)
    {
        if (ours.IsDeprecated != theirs["deprecated"]!.GetValue<bool>())
            yield return "deprecated or not";
        if (ours.IsDeprecated)
            yield break;
        if (ours.MinInputs != theirs["min_inputs"]!.GetValue<int>() || ours.MinOutputs != theirs["min_outputs"]!.GetValue<int>())
        {
            yield return $"at least {ours.MinInputs} inputs and {ours.MinOutputs} outputs, or {theirs["min_inputs"]} and "
                + $"{theirs["min_outputs"]}";
        }
        foreach ((string what, IEnumerable<OperatorParameter> parameters) in new[] { ("inputs", ours.Inputs.AsEnumerable()),
            ("outputs", ours.Outputs) })
        {
            string mine = string.Join(", ",
                parameters.Select(parameter =>
                    $"{parameter.Name} {(parameter.IsOptional ? "Optional" : parameter.IsVariadic ? "Variadic" : "Single")} "
                    + $"{parameter.MayDiffer} {parameter.Type}"));
            string other = string.Join(", ",
                theirs[what]!.AsArray()
                .Select(parameter =>
                    $"{parameter![0]} {parameter[1]} {parameter[2]!.GetValue<bool>()} {Short(parameter[3]!.GetValue<string>())}"));
            if (mine != other)
                yield return $"{what} [{mine}] or [{other}]";
        }
        string attributes =
            string.Join(", ", ours.Attributes.Values.Select(attribute => $"{attribute.Name} {attribute.Type} {attribute.IsRequired}")
                .Order(StringComparer.Ordinal));
        string otherAttributes =
            string.Join(", ", theirs["attributes"]!.AsArray()
                .Select(attribute => $"{attribute![0]} {Kind(attribute[1]!.GetValue<string>())} {attribute[2]!.GetValue<bool>()}")
                .Order(StringComparer.Ordinal));
        if (attributes != otherAttributes)
            yield return $"attributes [{attributes}] or [{otherAttributes}]";
        foreach ((string variable, JsonNode? types) in theirs["types"]!.AsObject())
        {
            if (!ours.Types.TryGetValue(variable, out System.Collections.Frozen.FrozenSet<string>? known)
                || !known.SetEquals(types!.AsArray().Select(type => Short(type!.GetValue<string>()))))
            {
                yield return $"types of {variable}: "
                    + $"[{string.Join(", ", known ?? [])}] or {types!.ToJsonString(JsonSerializerOptions.Default)}";
            }
        }
    }

    // "seq(tensor(float))" → "seq(float)".
    private static string Short(string type) => System.Text.RegularExpressions.Regex.Replace(type, @"tensor\((\w+)\)", "$1")
        .Replace("optional(", "opt(", StringComparison.Ordinal);

    private static string Kind(string kind) => string.Concat(kind.Split('_').Select(part => part[..1] + part[1..].ToLowerInvariant()));
}
