using KeypointMl.Imaging.Files;

namespace KeypointMl.Data.Yaml;

/// <summary>
/// A mapping in a YAML file, read strictly: ask for the keys it may have, then call <see cref="RejectUnknownKeys"/>,
/// which complains about every other key by file and line.
/// </summary>
public sealed class YamlSection
{
    private readonly OrderedDictionary<string, YamlEntry> entries = new(StringComparer.Ordinal);
    private readonly HashSet<string> overridden = new(StringComparer.Ordinal);
    private readonly List<string> asked = [];
    private readonly string file;
    private readonly string path;
    private readonly int line;

    internal YamlSection(YamlMap map, string file, string path)
    {
        this.file = file;
        this.path = path;
        line = map.Line;
        foreach (YamlEntry entry in map.Entries)
        {
            if (entry.Key.Text.Length == 0)
                throw new InvalidDataException($"{file}:{entry.Key.Line}: a key is empty; expected text.");
            entries.Add(entry.Key.Text, entry);
        }
    }

    /// <summary>Where it begins: <c>file:line</c>.</summary>
    public string Where => $"{file}:{line}";

    /// <summary>Its keys in the order of the file.</summary>
    public IEnumerable<string> Keys => entries.Keys;

    /// <summary>Reads a file that holds one mapping.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is not YAML, or something else than one mapping, or beyond the limits:
    /// 4 MiB, 250,000 keys and values, 16 levels, no aliases, no tags. The message names file, line and
    /// column.</exception>
    public static YamlSection Load(string file)
    {
        if (!File.Exists(file))
            throw new FileNotFoundException($"There is no file {file}.", file);
        RegularFile.Require(file, "file");
        return Parse(YamlLimits.ReadFile(file), file);
    }

    /// <summary>Reads text that holds one mapping.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="file">What to call it in messages.</param>
    /// <exception cref="InvalidDataException">
    /// It is not YAML, or something else than one mapping, or beyond the limits of <see cref="Load"/>; the message
    /// names <paramref name="file"/>, line and column.
    /// </exception>
    public static YamlSection Parse(string text, string file)
    {
        var problems = new List<YamlProblem>();
        YamlItem? root = YamlParser.Parse(text, problems);
        if (problems is [YamlProblem problem, ..])
            throw new InvalidDataException($"{file}:{problem.Line}:{problem.Column}: {problem.Message}.", problem.Cause);
        return root is YamlMap map
            ? new YamlSection(map, file, "")
            : throw new InvalidDataException($"{file}: expected one YAML document that is a mapping (key: value).");
    }

    /// <summary>Gives a key another value than the file does, or adds it: what a command line overrides.</summary>
    public void Override(string key, string value)
    {
        entries[key] = new YamlEntry(new YamlScalar(line, 1, key, false), new YamlScalar(line, 1, value, false));
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
        return entries.TryGetValue(key, out YamlEntry? entry)
            ? new YamlValue(entry.Value, file, path.Length == 0 ? key : $"{path}.{key}", overridden.Contains(key))
            : null;
    }

    /// <summary>Complains about keys that nobody asked for.</summary>
    /// <exception cref="InvalidDataException">There is one; the message names file and line, and the keys that there may be.</exception>
    public void RejectUnknownKeys()
    {
        foreach ((string name, YamlEntry entry) in entries)
        {
            if (!asked.Contains(name))
            {
                throw new InvalidDataException(
                    $"{YamlValue.Place(file, entry.Key, overridden.Contains(name))}: "
                    + $"unknown key '{name}'{(path.Length == 0 ? "" : $" in '{path}'")}; "
                    + $"the keys are {string.Join(", ", asked.Distinct())}.");
            }
        }
    }
}
