using System.Text.Json;

namespace KeypointMl.Cli.Printing;

/// <summary>Spreads JSON over lines for a reader: one value a line, each under its whole path.</summary>
internal static class JsonLines
{
    /// <summary>The lines; the text itself where it is no JSON, or has text that cannot be read.</summary>
    public static IEnumerable<(string Path, string Value)> Of(string json)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json);
        }
        catch (JsonException)
        {
            return [("", json)];
        }
        using (document)
        {
            try
            {
                return [.. Flatten("", document.RootElement)];
            }
            catch (InvalidOperationException)
            {
                // A text in it is no valid Unicode.
                return [("", json)];
            }
        }
    }

    private static IEnumerable<(string Path, string Value)> Flatten(string path, JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object =>
            element.EnumerateObject()
            .SelectMany(property => Flatten(path.Length == 0 ? property.Name : $"{path}.{property.Name}", property.Value)),
        // A list of plain values reads best on one line.
        JsonValueKind.Array when element.EnumerateArray().Any(item => item.ValueKind is JsonValueKind.Object or JsonValueKind.Array) =>
            element.EnumerateArray().SelectMany((item, index) => Flatten($"{path}[{index}]", item)),
        JsonValueKind.Array => [(path, string.Join(", ", element.EnumerateArray().Select(item => item.ToString())))],
        JsonValueKind.Null => [(path, "none")],
        _ => [(path, element.ToString())],
    };
}
