using System.Globalization;

namespace KeypointMl.Onnx.TorchSharp.Tests;

/// <summary>What the coverage document says was measured of a subject.</summary>
/// <param name="Operators">The ONNX operators that it becomes, with the opsets at which that changes.</param>
/// <param name="Difference">The largest difference over all cases.</param>
internal sealed record CoverageRow(string Operators, Difference Difference)
{
    /// <summary>Runs every case of a subject.</summary>
    public static CoverageRow Measure(CaseFamily family, Type subject)
    {
        var opsets = new SortedDictionary<string, SortedSet<int>>(StringComparer.Ordinal);
        var largest = default(Difference);
        foreach (ParityCase parity in family.Cases.Where(parity => parity.Subject == subject))
            Record(parity, parity.Run());
        foreach (OptionSpace space in family.Spaces.Where(space => space.Subject == subject))
            space.Check(Record);
        return new CoverageRow(opsets.Count == 0
            ? "nothing"
            : string.Join(", ", opsets.Select(pair => pair.Key + Limits(pair.Value))), largest);

        void Record(ParityCase parity, Difference difference)
        {
            largest = largest.Or(difference);
            foreach (int opset in ParityCase.AllOpsets)
            {
                foreach (string type in parity.OperatorsAt(opset))
                    (opsets.TryGetValue(type, out SortedSet<int>? seen) ? seen : opsets[type] = []).Add(opset);
            }
        }
    }

    /// <summary>The cells of a table's row behind the name.</summary>
    public string ToCells(
        int cases, double tolerance) =>
        string.Create(CultureInfo.InvariantCulture,
            $"{Operators} | {cases} | {tolerance:0E+0} | {Difference.Absolute:0.0E+0} | {Difference.Relative:0.0E+0}");

    /// <summary>Reads the cells of a table's row.</summary>
    public static CoverageRow FromCells(string[] cells) =>
        new(cells[1], new Difference(
            double.Parse(cells[4], CultureInfo.InvariantCulture), double.Parse(cells[5], CultureInfo.InvariantCulture)));

    private static string Limits(SortedSet<int> opsets) =>
        opsets.Min > ParityCase.AllOpsets[0] ? $" (from opset {opsets.Min})"
        : opsets.Max < ParityCase.AllOpsets[^1] ? $" (to opset {opsets.Max})"
        : "";
}
