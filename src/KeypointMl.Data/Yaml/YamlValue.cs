using System.Globalization;

namespace KeypointMl.Data.Yaml;

/// <summary>
/// A value in a YAML file that knows where it stands, so that every complaint names file, line, column and key. A value
/// that is not what it is asked for as is complained about once, and one that would have been right is given back: the
/// file's reading ends with all complaints.
/// </summary>
public sealed class YamlValue
{
    private readonly YamlReading reading;
    private readonly YamlChain at;

    internal YamlValue(YamlReading reading, YamlChain at, string key)
    {
        this.reading = reading;
        this.at = at;
        Key = key;
    }

    /// <summary>The dotted path of keys to it, such as <c>splits.test.frames</c>.</summary>
    public string Key { get; }

    /// <summary>Where it stands: <c>file:line:column</c>, or that it was overridden.</summary>
    public string Where => reading.Place(at.Item);

    /// <summary>Whether it is a list.</summary>
    public bool IsList => at.Item is YamlList;

    /// <summary>Whether it is a mapping of keys to values.</summary>
    public bool IsSection => at.Item is YamlMap;

    /// <summary>As text, which is not empty.</summary>
    public string AsString() =>
        at.Item is YamlScalar { Text: { Length: > 0 } text } ? text : Instead("", "expected text");

    /// <summary>As a whole number in a range.</summary>
    public long AsInt64(long min = long.MinValue, long max = long.MaxValue) =>
        at.Item is YamlScalar { Text: { } text }
        && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) && value >= min && value <= max
            ? value
            : Instead(
                Math.Clamp(0, min, max),
                $"expected a whole number{Range(min <= int.MinValue ? null : min, max >= int.MaxValue ? null : max)}");

    /// <summary>As a whole number in a range.</summary>
    public int AsInt32(int min = int.MinValue, int max = int.MaxValue) => (int)AsInt64(min, max);

    /// <summary>As a finite number in a range.</summary>
    public double AsDouble(double min = double.MinValue, double max = double.MaxValue) =>
        at.Item is YamlScalar { Text: { } text }
        && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= min && value <= max
            ? value
            : Instead(
                Math.Clamp(0, min, max),
                $"expected a number{Range(min <= float.MinValue ? null : min, max >= float.MaxValue ? null : max)}");

    /// <summary>As a finite number of single precision in a range.</summary>
    public float AsSingle(float min = float.MinValue, float max = float.MaxValue) => (float)AsDouble(min, max);

    /// <summary>As a truth value: <c>true</c> or <c>false</c>.</summary>
    public bool AsBoolean() =>
        at.Item is YamlScalar { Text: "true" or "false" } scalar ? scalar.Text == "true" : Instead(false, "expected true or false");

    /// <summary>As one of a set of words.</summary>
    public string AsOneOf(params IEnumerable<string> words) =>
        IsOneOf(words) ? ((YamlScalar)at.Item).Text : Instead(words.First(), $"expected one of {string.Join(", ", words)}", words);

    /// <summary>As a list.</summary>
    public IReadOnlyList<YamlValue> AsList() =>
        at.Item is YamlList list
            ? [.. list.Items.Select((child, i) => new YamlValue(reading, new YamlChain(child, at), $"{Key}[{i}]"))]
            : Instead<IReadOnlyList<YamlValue>>([], "expected a list");

    /// <summary>As a list of texts.</summary>
    public IReadOnlyList<string> AsStrings() => AsListOf(item => item.AsString());

    /// <summary>As a mapping of keys to values.</summary>
    public YamlSection AsSection()
    {
        if (at.Item is YamlMap map)
            return new YamlSection(map, reading, at, Key);
        Complain("expected a mapping (key: value)");
        return new YamlSection(new YamlMap(0, 0, []), reading, new YamlChain(new YamlNothing(), at), Key);
    }

    /// <summary>A complaint about this value, to throw where no other value can stand in for it.</summary>
    /// <param name="expected">What was expected instead, without a full stop.</param>
    public InvalidDataException Error(string expected) => Error(expected, "");

    /// <summary>As a list of what is read from each item; those that cannot be read are left out.</summary>
    internal IReadOnlyList<T> AsListOf<T>(Func<YamlValue, T> read)
    {
        var items = new List<T>();
        foreach (YamlValue item in AsList())
        {
            bool isRead = false;
            T? value = reading.Try(() =>
            {
                T made = read(item);
                isRead = true;
                return made;
            });
            if (isRead)
                items.Add(value!);
        }
        return items;
    }

    /// <summary>As a list of at least one.</summary>
    internal IReadOnlyList<T> AsFilledListOf<T>(Func<YamlValue, T> read)
    {
        IReadOnlyList<T> items = AsListOf(read);
        if (items.Count == 0)
            Complain("expected at least one");
        return items;
    }

    /// <summary>As a list of two.</summary>
    /// <param name="read">Reads one of them.</param>
    /// <param name="expected">What was expected, without a full stop.</param>
    /// <param name="fit">Whether they go together; null where any do.</param>
    internal (T First, T Second) AsPairOf<T>(Func<YamlValue, T> read, string expected, Func<T, T, bool>? fit = null)
    {
        if (AsList() is not [YamlValue one, YamlValue other])
            throw Error(expected);
        (T First, T Second) pair = (read(one), read(other));
        return fit is null || fit(pair.First, pair.Second) ? pair : throw Error(expected);
    }

    /// <summary>As the place of a word among others, such as keypoints of a skeleton.</summary>
    /// <param name="words">The others.</param>
    /// <param name="what">What they are, for messages.</param>
    internal int AsIndexIn(IReadOnlyList<string> words, string what)
    {
        for (int i = 0; i < words.Count; i++)
        {
            if (at.Item is YamlScalar { Text: { } text } && words[i] == text)
                return i;
        }
        return Instead(0, $"expected {what}: {string.Join(", ", words.Take(20))}", words);
    }

    /// <summary>Whether it is one of a set of words.</summary>
    internal bool IsOneOf(IEnumerable<string> words) =>
        at.Item is YamlScalar { Text: { } text } && words.Contains(text, StringComparer.Ordinal);

    /// <summary>Keeps a complaint about this value, unless something about it, or in it, was complained about before.</summary>
    /// <param name="expected">What was expected instead, without a full stop.</param>
    /// <param name="words">Words that may have been meant; null for none.</param>
    internal void Complain(string expected, IEnumerable<string>? words = null)
    {
        if (!reading.IsFaulty(at.Item))
            reading.Add(at.Item, Text(expected, HintAmong(words ?? [])), at);
    }

    /// <summary>As the public one, with a hint to append.</summary>
    /// <param name="expected">What was expected instead, without a full stop.</param>
    /// <param name="hint">What may have been meant (<see cref="NearestWord.Hint"/>); empty for nothing.</param>
    internal InvalidDataException Error(string expected, string hint) => reading.Fault(at, Text(expected, hint));

    internal static string Shorten(string text) => text.Length > 60 ? text[..60] + "…" : text;

    private T Instead<T>(T value, string expected, IEnumerable<string>? words = null)
    {
        Complain(expected, words);
        return value;
    }

    /// <summary>A hint for <see cref="Error(string, string)"/>: which of the words this value is like.</summary>
    internal string HintAmong(IEnumerable<string> words) => at.Item is YamlScalar scalar ? NearestWord.Hint(scalar.Text, words) : "";

    private string Text(string expected, string hint) => $"'{Key}' is {Found()}; {expected}.{hint}";

    private string Found() => at.Item switch
    {
        YamlScalar { Text: "" } => "empty",
        YamlScalar scalar => $"'{Shorten(scalar.Text)}'",
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
