namespace KeypointMl.Data;

/// <summary>Reads a manifest's <c>splits</c>: one mapping of settings per split, of which <c>train</c> must be one.</summary>
internal static class SplitSettings
{
    internal const string Train = "train";

    internal static IReadOnlyDictionary<string, T> Parse<T>(YamlSection reader, YamlValue? splits, Func<YamlSection, T> parse)
    {
        if (splits is null)
            throw new InvalidDataException($"{reader.Where}: this reader needs the key 'splits' at the manifest's top level, with at least '{Train}'.");
        YamlSection section = splits.AsSection();
        section.Required(Train);
        var settings = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (string name in section.Keys)
        {
            YamlSection split = section.Required(name).AsSection();
            settings.Add(name, parse(split));
            split.RejectUnknownKeys();
        }
        return settings;
    }
}
