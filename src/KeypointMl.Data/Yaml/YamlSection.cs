using KeypointMl.Imaging.Files;

namespace KeypointMl.Data.Yaml;

/// <summary>
/// A mapping in a YAML file, read strictly: ask for the keys it may have, then call <see cref="RejectUnknownKeys"/>,
/// which complains about every other key. Complaints name file, line and column. They are gathered while a file is
/// read, and its reading ends with all of them.
/// </summary>
public sealed class YamlSection
{
    private readonly OrderedDictionary<string, YamlEntry> entries = new(StringComparer.Ordinal);
    private readonly List<string> asked = [];
    private readonly YamlReading reading;
    private readonly YamlChain at;
    private readonly string path;

    internal YamlSection(YamlMap map, YamlReading reading, YamlChain at, string path)
    {
        this.reading = reading;
        this.at = at;
        this.path = path;
        foreach (YamlEntry entry in map.Entries)
        {
            if (entry.Key.Text.Length == 0)
                reading.Add(entry.Key, "a key is empty; expected text.", at);
            else
                entries.Add(entry.Key.Text, entry);
        }
    }

    /// <summary>Where it begins: <c>file:line:column</c>.</summary>
    public string Where => reading.Place(at.Item);

    /// <summary>Its keys in the order of the file.</summary>
    public IEnumerable<string> Keys => entries.Keys;

    /// <summary>Reads a file that holds one mapping.</summary>
    /// <param name="file">The file.</param>
    /// <param name="read">Reads the mapping.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// It is not YAML, or something else than one mapping, or beyond the limits: 4 MiB, 250,000 keys and values, 16
    /// levels, no aliases, no tags; or <paramref name="read"/> found something wrong. The message lists all of it by
    /// file, line and column.
    /// </exception>
    internal static T Load<T>(string file, Func<YamlSection, T> read)
    {
        if (!File.Exists(file))
            throw new FileNotFoundException($"There is no file {file}.", file);
        RegularFile.Require(file, "file");
        return Parse(YamlLimits.ReadFile(file), file, read);
    }

    /// <summary>Reads text that holds one mapping.</summary>
    /// <param name="text">YAML.</param>
    /// <param name="file">What to call it in messages.</param>
    /// <param name="read">Reads the mapping.</param>
    /// <exception cref="InvalidDataException">As of <see cref="Load"/>.</exception>
    internal static T Parse<T>(string text, string file, Func<YamlSection, T> read)
    {
        var reading = new YamlReading(file);
        var problems = new List<YamlProblem>();
        YamlItem? root = YamlParser.Parse(text, problems);
        problems.ForEach(reading.Add);
        if (root is YamlMap map)
            return reading.Read(() => read(new YamlSection(map, reading, new YamlChain(map, null), "")));
        reading.ThrowIfAny();
        throw new InvalidDataException($"{file}: expected one YAML document that is a mapping (key: value).");
    }

    /// <summary>Gives a key another value than the file does, or adds it: what a command line overrides.</summary>
    internal void Override(string key, string value) =>
        entries[key] = new YamlEntry(new YamlScalar(0, 0, key, false), new YamlScalar(0, 0, value, false));

    /// <summary>The value of a key that must be there; where it is not, that is kept, and the value is as good as any.</summary>
    public YamlValue Required(string key)
    {
        if (Optional(key) is { } value)
            return value;
        if (at.Item is not YamlNothing)
            reading.Add(at.Item, $"{(path.Length == 0 ? "" : $"'{path}' ")}lacks the key '{key}'.", at);
        return Value(key, new YamlNothing());
    }

    /// <summary>The value of a key, or null where there is no such key.</summary>
    public YamlValue? Optional(string key)
    {
        asked.Add(key);
        return entries.TryGetValue(key, out YamlEntry? entry) ? Value(key, entry.Value) : null;
    }

    /// <summary>Complains about keys that nobody asked for.</summary>
    public void RejectUnknownKeys()
    {
        string[] known = [.. asked.Distinct()];
        foreach ((string name, YamlEntry entry) in entries)
        {
            if (!known.Contains(name))
            {
                reading.Add(
                    entry.Key,
                    $"unknown key '{YamlValue.Shorten(name)}'{(path.Length == 0 ? "" : $" in '{path}'")}; "
                    + $"the keys are {string.Join(", ", known)}.{NearestWord.Hint(name, known)}",
                    at);
            }
        }
    }

    /// <summary>A complaint about the whole section, to throw; it says nothing where something in it is wrong already.</summary>
    /// <param name="message">What is wrong, with a full stop.</param>
    internal InvalidDataException Error(string message) => reading.Fault(at, message);

    /// <summary>Ends the reading of a section of which something is wrong, which is kept already.</summary>
    internal InvalidDataException Stop() => reading.Stop();

    /// <inheritdoc cref="YamlReading.Try"/>
    internal T? Try<T>(Func<T> read) => reading.Try(read);

    private YamlValue Value(string key, YamlItem item) =>
        new(reading, new YamlChain(item, at), path.Length == 0 ? key : $"{path}.{key}");
}
