using System.Globalization;

namespace KeypointMl.Data.Yaml;

/// <summary>A value in a YAML file that knows where it stands, so that every complaint names file, line and key.</summary>
public sealed class YamlValue
{
    private readonly YamlItem node;
    private readonly string file;
    private readonly bool overridden;

    internal YamlValue(YamlItem node, string file, string key, bool overridden = false)
    {
        this.node = node;
        this.file = file;
        this.overridden = overridden;
        Key = key;
    }

    /// <summary>The dotted path of keys to it, such as <c>splits.test.frames</c>.</summary>
    public string Key { get; }

    /// <summary>Where it stands: <c>file:line</c>, or that it was overridden.</summary>
    public string Where => Place(file, node, overridden);

    /// <summary>Whether it is a list.</summary>
    public bool IsList => node is YamlList;

    /// <summary>Whether it is a mapping of keys to values.</summary>
    public bool IsSection => node is YamlMap;

    /// <summary>As text.</summary>
    /// <exception cref="InvalidDataException">It is empty, a list or a mapping.</exception>
    public string AsString() => node is YamlScalar { Text: { Length: > 0 } text } ? text : throw Error("expected text");

    /// <summary>As a whole number.</summary>
    /// <exception cref="InvalidDataException">It is none, or outside the range.</exception>
    public long AsInt64(long min = long.MinValue, long max = long.MaxValue) =>
        node is YamlScalar { Text: { } text }
        && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) && value >= min && value <= max
            ? value
            : throw Error($"expected a whole number{Range(min <= int.MinValue ? null : min, max >= int.MaxValue ? null : max)}");

    /// <summary>As a whole number.</summary>
    /// <exception cref="InvalidDataException">It is none, or outside the range.</exception>
    public int AsInt32(int min = int.MinValue, int max = int.MaxValue) => (int)AsInt64(min, max);

    /// <summary>As a finite number.</summary>
    /// <exception cref="InvalidDataException">It is none, or outside the range.</exception>
    public double AsDouble(double min = double.MinValue, double max = double.MaxValue) =>
        node is YamlScalar { Text: { } text }
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= min && value <= max
            ? value
            : throw Error($"expected a number{Range(min <= float.MinValue ? null : min, max >= float.MaxValue ? null : max)}");

    /// <summary>As a finite number of single precision.</summary>
    /// <exception cref="InvalidDataException">It is none, or outside the range.</exception>
    public float AsSingle(float min = float.MinValue, float max = float.MaxValue) => (float)AsDouble(min, max);

    /// <summary>As a truth value: <c>true</c> or <c>false</c>.</summary>
    /// <exception cref="InvalidDataException">It is neither.</exception>
    public bool AsBoolean() =>
        node is YamlScalar { Text: "true" or "false" } scalar ? scalar.Text == "true" : throw Error("expected true or false");

    /// <summary>As one of a set of words.</summary>
    /// <exception cref="InvalidDataException">It is none of them.</exception>
    public string AsOneOf(params IEnumerable<string> words) =>
        node is YamlScalar { Text: { } text } && words.Contains(text, StringComparer.Ordinal)
        ? text
        : throw Error($"expected one of {string.Join(", ", words)}");

    /// <summary>As a list.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public IReadOnlyList<YamlValue> AsList() =>
        node is YamlList list
        ? [.. list.Items.Select((child, i) => new YamlValue(child, file, $"{Key}[{i}]"))]
        : throw Error("expected a list");

    /// <summary>As a list of texts.</summary>
    /// <exception cref="InvalidDataException">It is none.</exception>
    public IReadOnlyList<string> AsStrings() => [.. AsList().Select(item => item.AsString())];

    /// <summary>As a mapping of keys to values.</summary>
    /// <exception cref="InvalidDataException">It is none, or has a key that is no text.</exception>
    public YamlSection AsSection() =>
        node is YamlMap mapping ? new YamlSection(mapping, file, Key) : throw Error("expected a mapping (key: value)");

    /// <summary>A complaint about this value, for the reader of the file.</summary>
    /// <param name="expected">What was expected instead, without a full stop.</param>
    public InvalidDataException Error(string expected) => new($"{Where}: '{Key}' is {Found()}; {expected}.");

    internal static string Place(string file, YamlItem node, bool overridden) =>
        overridden ? $"{file} (overridden)" : $"{file}:{node.Line}";

    private string Found() => node switch
    {
        YamlScalar { Text: "" } => "empty",
        YamlScalar scalar => $"'{(scalar.Text.Length > 60 ? scalar.Text[..60] + "…" : scalar.Text)}'",
        YamlList => "a list",
        _ => "a mapping",
    };

    // A bound that is only the type's own is not worth a word.
    private static string Range(object? min, object? max) => (min, max) switch
    {
        (null, null) => "",
        (null, _) => FormattableString.Invariant($" of at most {max}"),
        (_, null) => FormattableString.Invariant($" of at least {min}"),
        _ => FormattableString.Invariant($" from {min} to {max}"),
    };
}
