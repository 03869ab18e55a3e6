namespace KeypointMl.Onnx.TorchSharp.Tests;

/// <summary>The cases of related modules or operations.</summary>
/// <param name="Name">A heading.</param>
/// <param name="Cases">Named cases.</param>
/// <param name="Spaces">Options chosen at random.</param>
/// <param name="Refusals">Options that are refused.</param>
internal sealed record CaseFamily(
    string Name, IReadOnlyList<ParityCase> Cases, IReadOnlyList<OptionSpace> Spaces, IReadOnlyList<Refusal> Refusals)
{
    /// <summary>The types that the family is about, in the order of their names.</summary>
    public IEnumerable<Type> Subjects => Cases.Select(parity => parity.Subject).Concat(Spaces.Select(space => space.Subject))
        .Distinct().OrderBy(ParityCase.Name, StringComparer.Ordinal);
}
