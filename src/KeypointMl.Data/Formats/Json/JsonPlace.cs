using System.Globalization;
using System.Text.Json;

namespace KeypointMl.Data.Formats.Json;

/// <summary>An element of a JSON file that knows its path in it, so that a complaint names both.</summary>
internal readonly record struct JsonPlace(JsonElement Element, string File, string Path)
{
    internal string Where => $"{File}: {Path}";

    internal JsonPlace Required(string name) => Optional(name) ?? throw Error($"has no '{name}'");

    internal JsonPlace? Optional(string name)
    {
        if (Element.ValueKind != JsonValueKind.Object)
            throw Error("expected an object");
        try
        {
            return Element.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null
                ? new JsonPlace(value, File, $"{Path}.{name}")
                : null;
        }
        catch (InvalidOperationException)
        {
            throw Error("has a key that is no valid Unicode");
        }
    }

    internal IEnumerable<JsonPlace> Items()
    {
        if (Element.ValueKind != JsonValueKind.Array)
            throw Error("expected a list");
        (string file, string path) = (File, Path);
        return Element.EnumerateArray().Select((item, i) => new JsonPlace(item, file, $"{path}[{i}]"));
    }

    internal string Text()
    {
        try
        {
            // A default element is what is missing at the end of a list.
            return Element.ValueKind == JsonValueKind.String ? Element.GetString()! : throw Error("expected text");
        }
        catch (InvalidOperationException)
        {
            throw Error("expected text; it is no valid Unicode");
        }
    }

    /// <summary>A whole number; also where a tool wrote it as 7.0.</summary>
    internal long Whole()
    {
        if (Element.ValueKind == JsonValueKind.Number)
        {
            if (Element.TryGetInt64(out long value) && value >= 0)
                return value;
            if (Element.TryGetDouble(out double real) && real is >= 0 and < 1L << 53 && real == Math.Floor(real))
                return (long)real;
        }
        throw Error("expected a whole number, 0 or greater");
    }

    /// <summary>What names something, as text: a text, or a number, however it is written.</summary>
    internal string Id()
    {
        if (Element.ValueKind == JsonValueKind.String)
            return Text();
        if (Element.ValueKind != JsonValueKind.Number)
            throw Error("expected text or a number");
        return Element.TryGetDouble(out double real) && Math.Abs(real) < 1L << 53
            ? real.ToString("R", CultureInfo.InvariantCulture)
            : Element.GetRawText();
    }

    internal float Number() => Element.ValueKind == JsonValueKind.Number && Element.TryGetSingle(out float value)
        && float.IsFinite(value) ? value : throw Error("expected a finite number");

    internal float[] Numbers(int count) => Numbers(count, item => item.Number());

    /// <summary>NaN where there is null.</summary>
    internal float[] OptionalNumbers(int count) =>
        Numbers(count, item => item.Element.ValueKind == JsonValueKind.Null ? float.NaN : item.Number());

    private float[] Numbers(int count, Func<JsonPlace, float> read)
    {
        float[] numbers = [.. Items().Select(read)];
        return numbers.Length == count ? numbers : throw Error($"has {numbers.Length} numbers; expected {count}");
    }

    internal InvalidDataException Error(string message) => new($"{Where}: {message}.");
}
