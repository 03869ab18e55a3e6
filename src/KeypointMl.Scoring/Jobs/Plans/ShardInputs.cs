using System.IO.Compression;
using System.Text.Json;
using KeypointMl.Data;

namespace KeypointMl.Scoring;

/// <summary>
/// The inputs of a shard as lines of JSON: <c>[source,"name"]</c> for an image, <c>[source,"name",first,count,to_end]</c> for frames of a video, with
/// <c>seek,from</c> behind that where decoding begins later than at the video's beginning (<see cref="VideoStart"/>). The number is that of the pipeline's source, and the name starts from the source's folder.
/// </summary>
internal static class ShardInputs
{
    /// <summary>Appends an input.</summary>
    /// <param name="writer">Receives the line without its end.</param>
    /// <param name="source">The source that it is from.</param>
    /// <param name="file">The input.</param>
    public static void Write(Utf8JsonWriter writer, ScoreSource source, InputFile file)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue(file.Source);
        writer.WriteStringValue(source.Prefix.Length == 0 ? file.Name : file.Name.AsSpan(source.Prefix.Length + 1));
        if (!file.IsImage)
        {
            writer.WriteNumberValue(file.First);
            writer.WriteNumberValue(file.Count!.Value);
            writer.WriteBooleanValue(file.ToEnd);
            if (file.Start is { } start)
            {
                writer.WriteNumberValue(start.Seek);
                writer.WriteNumberValue(start.From);
            }
        }
        writer.WriteEndArray();
    }

    /// <summary>Reads the inputs of a shard, one after the other.</summary>
    /// <exception cref="InvalidDataException">While enumerating: the job's file is damaged.</exception>
    public static IEnumerable<InputFile> Read(JobFolder folder, JobPlan plan, IReadOnlyList<ScoreSource> sources, Shard shard)
    {
        byte[] content = Decompress(folder.Inputs, shard);
        if (Shard.KeyOf(content, plan) != shard.Key)
            throw Damaged(folder.Inputs, $"the inputs of shard {shard.Number} are not those that were planned (SHA-256)");
        using var lines = new StreamReader(new MemoryStream(content));
        while (lines.ReadLine() is { } line)
        {
            using JsonDocument document = Parse(line, folder.Inputs);
            JsonElement entry = document.RootElement;
            int number = entry[0].GetInt32();
            string name = entry[1].GetString()!;
            InputFile input = sources[number].File(Path.Combine(plan.Roots[number], name), name);
            int length = entry.GetArrayLength();
            yield return length == 2 ? input : input with
            {
                First = entry[2].GetInt64(),
                Count = entry[3].GetInt64(),
                ToEnd = entry[4].GetBoolean(),
                Start = length == 5 ? null : new VideoStart(entry[5].GetDouble(), entry[6].GetDouble()),
            };
        }
    }

    private static byte[] Decompress(string path, Shard shard)
    {
        using FileStream file = File.OpenRead(path);
        if (shard.Offset < 0 || shard.Bytes is < 0 or > int.MaxValue || shard.Offset > file.Length - shard.Bytes)
            throw Damaged(path, $"it ends before the inputs of shard {shard.Number}");
        byte[] member = new byte[shard.Bytes];
        file.Position = shard.Offset;
        file.ReadExactly(member);
        try
        {
            var content = new MemoryStream();
            using var gzip = new GZipStream(new MemoryStream(member), CompressionMode.Decompress);
            gzip.CopyTo(content);
            return content.ToArray();
        }
        catch (InvalidDataException e)
        {
            throw Damaged(path, $"the inputs of shard {shard.Number} cannot be decompressed", e);
        }
    }

    private static InvalidDataException Damaged(string path, string what, Exception? inner = null) =>
        new($"{path} is damaged: {what}. Restore it, or plan the job again in a new folder.", inner);

    private static JsonDocument Parse(string line, string where)
    {
        try
        {
            return JsonDocument.Parse(line);
        }
        catch (JsonException e)
        {
            throw Damaged(where, e.Message.TrimEnd('.'), e);
        }
    }
}
