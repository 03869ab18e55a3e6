using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace KeypointMl.Data;

/// <summary>
/// A mapping in a YAML file, read strictly: ask for the keys it may have, then call <see cref="RejectUnknownKeys"/>, which complains about every other key by file
/// and line.
/// </summary>
public sealed class YamlSection
{
    private readonly Dictionary<string, (YamlNode Key, YamlNode Value)> entries = new(StringComparer.Ordinal);
    private readonly HashSet<string> overridden = new(StringComparer.Ordinal);
    private readonly List<string> asked = [];
    private readonly string file;
    private readonly string path;
    private readonly long line;

    internal YamlSection(YamlMappingNode mapping, string file, string path)
    {
        this.file = file;
        this.path = path;
        line = mapping.Start.Line;
        foreach ((YamlNode key, YamlNode value) in mapping.Children)
        {
            if (key is not YamlScalarNode { Value: { Length: > 0 } name })
                throw new InvalidDataException($"{file}:{key.Start.Line}: a key is empty, a list or a mapping; expected text.");
            entries.Add(name, (key, value));
        }
    }

    /// <summary>Where it begins: <c>file:line</c>.</summary>
    public string Where => $"{file}:{line}";

    /// <summary>Its keys in the order of the file.</summary>
    public IEnumerable<string> Keys => entries.OrderBy(entry => entry.Value.Key.Start.Index).Select(entry => entry.Key);

    /// <summary>Reads a file that holds one mapping.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is not YAML, or something else than one mapping; the message names file and line.</exception>
    public static YamlSection Load(string file)
    {
        if (!File.Exists(file))
            throw new FileNotFoundException($"There is no file {file}.", file);
        RegularFile.Require(file, "file");
        return Parse(File.ReadAllText(file), file);
    }

    /// <summary>Reads text that holds one mapping.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="file">What to call it in messages.</param>
    /// <exception cref="InvalidDataException">It is not YAML, or something else than one mapping; the message names <paramref name="file"/> and line.</exception>
    public static YamlSection Parse(string text, string file)
    {
        var stream = new YamlStream();
        var parser = new Parser(new StringReader(text));
        try
        {
            stream.Load(parser);
        }
        catch (YamlException error)
        {
            throw new InvalidDataException($"{file}:{error.Start.Line}: not well-formed YAML: {error.Message}", error);
        }
        catch (InvalidOperationException error)
        {
            // How YamlDotNet reports a [ or { that is never closed.
            throw new InvalidDataException($"{file}:{parser.Current?.End.Line ?? 1}: not well-formed YAML near this line; is a [ or {{ not closed?", error);
        }
        return stream.Documents is [{ RootNode: YamlMappingNode root }]
            ? new YamlSection(root, file, "")
            : throw new InvalidDataException($"{file}: expected one YAML document that is a mapping (key: value).");
    }

    /// <summary>Gives a key another value than the file does, or adds it: what a command line overrides.</summary>
    public void Override(string key, string value)
    {
        entries[key] = (new YamlScalarNode(key), new YamlScalarNode(value));
        overridden.Add(key);
    }

    /// <summary>The value of a key that must be there.</summary>
    /// <exception cref="InvalidDataException">It is not.</exception>
    public YamlValue Required(string key) =>
        Optional(key) ?? throw new InvalidDataException($"{Where}: {(path.Length == 0 ? "" : $"'{path}' ")}lacks the key '{key}'.");

    /// <summary>The value of a key, or null where there is no such key.</summary>
    public YamlValue? Optional(string key)
    {
        asked.Add(key);
        return entries.TryGetValue(key, out var entry) ? new YamlValue(entry.Value, file, path.Length == 0 ? key : $"{path}.{key}", overridden.Contains(key)) : null;
    }

    /// <summary>Complains about keys that nobody asked for.</summary>
    /// <exception cref="InvalidDataException">There is one; the message names file and line, and the keys that there may be.</exception>
    public void RejectUnknownKeys()
    {
        foreach ((string name, (YamlNode key, _)) in entries)
        {
            if (!asked.Contains(name))
                throw new InvalidDataException($"{YamlValue.Place(file, key, overridden.Contains(name))}: unknown key '{name}'{(path.Length == 0 ? "" : $" in '{path}'")}; the keys are {string.Join(", ", asked.Distinct())}.");
        }
    }
}
