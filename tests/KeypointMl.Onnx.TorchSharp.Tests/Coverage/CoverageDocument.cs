using System.Text;
using KeypointMl.Onnx.TorchSharp.Converters;

namespace KeypointMl.Onnx.TorchSharp.Tests;

/// <summary><c>docs/onnx-coverage.md</c>: what the exporter covers, made from the cases and from what they measured.</summary>
internal static class CoverageDocument
{
    /// <summary>The command that writes the document.</summary>
    public const string Command =
        $"{Variable}=1 dotnet test --project tests/KeypointMl.Onnx.TorchSharp.Tests --filter \"FullyQualifiedName~CoverageDocumentTests\"";

    /// <summary>The environment variable that asks for it.</summary>
    public const string Variable = "KEYPOINTML_WRITE_ONNX_COVERAGE";

    /// <summary>Writes the document's text.</summary>
    /// <param name="rowOf">What was measured of a subject.</param>
    public static string Render(Func<CaseFamily, Type, CoverageRow> rowOf)
    {
        var text = new StringBuilder();
        text.AppendLine("# What the TorchSharp exporter covers");
        text.AppendLine();
        text.AppendLine("Written by a test run; don't edit:");
        text.AppendLine();
        text.AppendLine("```");
        text.AppendLine(Command);
        text.AppendLine("```");
        text.AppendLine();
        text.AppendLine("Every case exports a module or an operation, runs the graph in ONNX Runtime (CPU, 32-bit floats "
            + "unless it says otherwise) at batch sizes that the example did not have, and compares");
        text.AppendLine("with TorchSharp 0.107. Named options are compared at opsets 17 to 21; "
            + "options with several values are chosen at random, seeded, opset included. The difference is the largest over all");
        text.AppendLine("cases: absolute, and relative to max(1, |expected|), which the tolerance limits. "
            + "'Becomes' lists every ONNX operator that some case wrote at some opset from 17 to 21.");
        foreach (CaseFamily family in CoverageCatalog.Families)
            Append(text, family, rowOf);
        text.AppendLine();
        text.AppendLine("## Modules without a counterpart");
        text.AppendLine();
        text.AppendLine("Containers (Sequential, ModuleList, ModuleDict, ParameterList, ParameterDict) are looked through. "
            + "These are refused:");
        text.AppendLine();
        foreach (IGrouping<string, Type> reason in OnnxConverterRegistry.WithoutCounterpart.GroupBy(
            pair => pair.Value, pair => pair.Key).OrderBy(group => group.Key, StringComparer.Ordinal))
            text.AppendLine($"- {string.Join(", ", reason.Select(type => $"`{type.Name}`").Order(StringComparer.Ordinal))}: {reason.Key}");
        return text.ToString().ReplaceLineEndings("\n");
    }

    /// <summary>Reads what a document says was measured, by the subjects' names.</summary>
    public static IReadOnlyDictionary<string, CoverageRow> Read(string text) => text.Split('\n')
        .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
        .Select(line => line.Trim('|', ' ').Split(" | "))
        .ToDictionary(cells => cells[0].Trim('`'), CoverageRow.FromCells, StringComparer.Ordinal);

    /// <summary>The largest difference that a subject's cases allow.</summary>
    public static double ToleranceOf(CaseFamily family, Type subject) =>
        family.Cases.Where(parity => parity.Subject == subject).Select(parity => parity.Tolerance).DefaultIfEmpty(Parity.Tolerance).Max();

    private static void Append(StringBuilder text, CaseFamily family, Func<CaseFamily, Type, CoverageRow> rowOf)
    {
        text.AppendLine();
        text.AppendLine($"## {family.Name}");
        text.AppendLine();
        text.AppendLine("| Module | Becomes | Cases | Tolerance | Absolute | Relative |");
        text.AppendLine("|---|---|---|---|---|---|");
        foreach (Type subject in family.Subjects)
        {
            int cases = family.Cases.Count(parity => parity.Subject == subject)
                + family.Spaces.Where(space => space.Subject == subject).Sum(space => space.Count);
            text.AppendLine($"| `{subject.Name}` | {rowOf(family, subject).ToCells(cases, ToleranceOf(family, subject))} |");
        }
        text.AppendLine();
        foreach (Type subject in family.Subjects)
            text.AppendLine($"- `{subject.Name}`: {Options(family, subject)}");
        if (family.Refusals.Count > 0)
        {
            text.AppendLine();
            text.AppendLine("Refused:");
            text.AppendLine();
            foreach (Refusal refusal in family.Refusals)
                text.AppendLine($"- `{refusal.Subject.Name}`, {refusal.Options}: {refusal.Message()}");
        }
    }

    private static string Options(CaseFamily family, Type subject)
    {
        IEnumerable<string> named = family.Cases.Where(parity => parity.Subject == subject).Select(parity => parity.Options);
        IEnumerable<string> chosen = family.Spaces.Where(space => space.Subject == subject)
            .SelectMany(space => space.Options)
            .Where(option => option.Name != "opset")
            .Select(option => $"{option.Name} {string.Join("/", option.Values.Select(OptionSpace.Text))}");
        return string.Join("; ", chosen.Concat(named));
    }
}
