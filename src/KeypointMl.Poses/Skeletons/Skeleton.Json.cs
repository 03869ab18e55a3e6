using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace KeypointMl.Poses.Skeletons;

public sealed partial record Skeleton
{
    private static readonly JsonWriterOptions CompactWithReadableNames = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// The skeleton as one line of JSON, the form of the ONNX metadata <c>keypointml.skeleton</c>:
    /// <c>{"name":"fly","keypoints":["head",…],"edges":[[0,1],[[1,2],3]],"symmetric":[[3,4]],"groups":{"legs":[5,6]}}</c>.
    /// An end of an edge is a keypoint index, or a list of indices whose mean it is.
    /// </summary>
    public string ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, CompactWithReadableNames))
        {
            json.WriteStartObject();
            json.WriteString("name", Name);
            json.WriteStartArray("keypoints");
            foreach (string keypoint in Keypoints)
                json.WriteStringValue(keypoint);
            json.WriteEndArray();
            json.WriteStartArray("edges");
            foreach (SkeletonEdge edge in Edges)
            {
                json.WriteStartArray();
                WriteEnd(json, edge.From);
                WriteEnd(json, edge.To);
                json.WriteEndArray();
            }
            json.WriteEndArray();
            json.WriteStartArray("symmetric");
            foreach ((int left, int right) in SymmetricPairs)
                WriteIndices(json, [left, right]);
            json.WriteEndArray();
            json.WriteStartObject("groups");
            foreach (KeypointGroup group in Groups)
            {
                json.WritePropertyName(group.Name);
                WriteIndices(json, group.Keypoints.AsSpan());
            }
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>
    /// Reads what <see cref="ToJson"/> writes. <c>edges</c>, <c>symmetric</c> and <c>groups</c> may be absent; every
    /// other key is an error.
    /// </summary>
    /// <exception cref="InvalidDataException">
    /// The text is not such a skeleton; the message names the part, what was expected and what was found.
    /// </exception>
    public static Skeleton FromJson(string json)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json);
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            throw new InvalidDataException($"The skeleton is not JSON: {error.Message}", error);
        }
        using (document)
        {
            try
            {
                return SkeletonJsonReader.Read(document.RootElement);
            }
            catch (ArgumentException error)
            {
                throw new InvalidDataException(error.Message, error);
            }
            catch (InvalidOperationException error)
            {
                // How System.Text.Json reports a key that cannot be read as text.
                throw new InvalidDataException(
                    "Skeleton JSON: a key is no valid Unicode: half of a surrogate pair stands alone. Write the whole character.", error);
            }
        }
    }

    private static void WriteEnd(Utf8JsonWriter json, System.Collections.Immutable.ImmutableArray<int> end)
    {
        if (end.Length == 1)
            json.WriteNumberValue(end[0]);
        else
            WriteIndices(json, end.AsSpan());
    }

    private static void WriteIndices(Utf8JsonWriter json, ReadOnlySpan<int> indices)
    {
        json.WriteStartArray();
        foreach (int index in indices)
            json.WriteNumberValue(index);
        json.WriteEndArray();
    }
}
