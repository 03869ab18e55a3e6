using KeypointMl.Imaging.Files;

namespace KeypointMl.Data.Priors.Building;

/// <summary>A prior that <see cref="PriorBuilder"/> made.</summary>
/// <param name="Prior">The poses.</param>
/// <param name="Ids">Which source pose each was made of.</param>
/// <param name="Provenance">Where they came from.</param>
public sealed record BuiltPrior(PosePrior Prior, IReadOnlyList<string> Ids, PriorProvenance Provenance)
{
    /// <summary>The name of the provenance file of a prior: its own, with <c>.provenance.json</c>.</summary>
    public static string ProvenancePath(string path) => Path.ChangeExtension(path, ".provenance.json");

    /// <summary>
    /// Writes the poses as CSV for <see cref="PriorCsvReader"/> (<c>pose</c>, then <c>name_x,name_y</c>, with three
    /// decimals) and the provenance beside it.
    /// </summary>
    /// <param name="path">The .csv file; its folder must exist. An old file is replaced.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Write(string path)
    {
        PriorCsv.Write(Prior, path, Ids);
        AtomicFile.WriteAllText(ProvenancePath(path), Provenance.ToJson());
    }
}
