namespace KeypointMl.Data;

/// <summary>Reads a manifest's <c>splits</c>: one mapping of settings per split, at least one.</summary>
internal static class SplitSettings
{
    internal static IReadOnlyDictionary<string, T> Parse<T>(YamlSection reader, YamlValue? splits, Func<YamlSection, T> parse)
    {
        if (splits is null)
            throw new InvalidDataException($"{reader.Where}: this reader needs the key 'splits' at the manifest's top level, such as splits: {{ train: {{…}}, test: {{…}} }}.");
        YamlSection section = splits.AsSection();
        var settings = new Dictionary<string, T>(StringComparer.Ordinal);
        foreach (string name in section.Keys)
        {
            YamlSection split = section.Required(name).AsSection();
            settings.Add(name, parse(split));
            split.RejectUnknownKeys();
        }
        return settings.Count > 0 ? settings : throw splits.Error("expected at least one split");
    }
}
