using KeypointMl.Data.Yaml;

namespace KeypointMl.Data.Manifests;

/// <summary>The readers that a manifest's <c>reader.kind</c> can name: those of this library, and those that are registered.</summary>
public static class DatasetReaders
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, Func<YamlSection, YamlValue?, DatasetReader>> Kinds = new(StringComparer.Ordinal);

    /// <summary>Lets manifests name a reader. Register it before the first manifest that does is loaded.</summary>
    /// <param name="kind">Its name, such as <c>my-tracker</c>.</param>
    /// <param name="parse">
    /// Makes it of the manifest's sections <c>reader</c> and <c>splits</c> (null where there is none). It asks the
    /// section for each key that it knows, and then to refuse all others (<see cref="YamlSection.RejectUnknownKeys"/>).
    /// </param>
    /// <exception cref="ArgumentException">The name is empty, or a reader has it already.</exception>
    public static void Register(string kind, Func<YamlSection, YamlValue?, DatasetReader> parse)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(kind);
        ArgumentNullException.ThrowIfNull(parse);
        lock (Gate)
        {
            if (!Kinds.TryAdd(kind, parse))
                throw new ArgumentException($"There is a reader '{kind}' already. Give yours another name.", nameof(kind));
        }
    }

    /// <summary>Reads the sections <c>reader</c> and <c>splits</c> of a manifest.</summary>
    internal static DatasetReader Parse(YamlSection reader, YamlValue? splits)
    {
        YamlValue kind = reader.Required("kind");
        Func<YamlSection, YamlValue?, DatasetReader> parse;
        lock (Gate)
        {
            // Of a reader that is not known, the keys are not either.
            parse = kind.IsOneOf(Kinds.Keys)
                ? Kinds[kind.AsString()]
                : throw kind.Error($"expected one of {string.Join(", ", Kinds.Keys)}", kind.HintAmong(Kinds.Keys));
        }
        return parse(reader, splits);
    }
}
