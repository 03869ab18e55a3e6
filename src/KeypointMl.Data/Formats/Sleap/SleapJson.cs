using System.Text.Json;
using KeypointMl.Data.Formats.Hdf5;
using KeypointMl.Data.Formats.Json;

namespace KeypointMl.Data.Formats.Sleap;

/// <summary>Parses the JSON that a SLEAP file has in its HDF5.</summary>
internal static class SleapJson
{
    internal static JsonDocument Parse(Hdf5Source source, string where, string text)
    {
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException error)
        {
            throw source.Error(where, $"not well-formed JSON at byte {error.BytePositionInLine ?? 0}");
        }
    }

    /// <summary>Parses each text of a data set; none where there is no such data set.</summary>
    internal static T[] ParseAll<T>(Hdf5Source source, string dataset, Func<JsonPlace, T> read)
    {
        if (source.Find(dataset) is not Hdf5Dataset { Count: > 0 } texts)
            return [];
        return [.. source.Texts(texts).Select((text, i) =>
        {
            using JsonDocument json = Parse(source, $"{dataset}[{i}]", text);
            return read(new JsonPlace(json.RootElement, source.Path, $"{dataset}[{i}]"));
        })];
    }
}
