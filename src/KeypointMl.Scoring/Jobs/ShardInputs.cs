using System.IO.Compression;
using System.Text.Json;
using KeypointMl.Data.Csv;
using KeypointMl.Imaging.Video;
using KeypointMl.Scoring.Inputs;

namespace KeypointMl.Scoring.Jobs;

/// <summary>
/// The inputs of a shard as lines of JSON: <c>[source,"name"]</c> for an image,
/// <c>[source,"name",first,count,to_end]</c> for frames of a video, with <c>seek,from</c> behind that where decoding
/// begins later than at the video's beginning (<see cref="VideoStart"/>). The number is that of the pipeline's source,
/// and the name starts from the source's folder.
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

    /// <summary>Reads the inputs of a shard, one after the other; however many there are, a line of them is in memory.</summary>
    /// <exception cref="InvalidDataException">While enumerating: the job's file is damaged.</exception>
    public static IEnumerable<InputFile> Read(JobFolder folder, JobPlan plan, IReadOnlyList<ScoreSource> sources, Shard shard)
    {
        byte[] member = ReadMember(folder.Inputs, shard);
        if (KeyOf(member, plan, folder.Inputs, shard) != shard.Key)
            throw Damaged(folder.Inputs, $"the inputs of shard {shard.Number} are not those that were planned (SHA-256)");
        using var lines = new RowLimitedReader(new StreamReader(Decompress(member)));
        for (int number = 1; ReadLine(lines, folder.Inputs, shard) is { } line; number++)
            yield return Parse(line, $"{folder.Inputs}, shard {shard.Number}, line {number}", plan, sources);
    }

    private static byte[] ReadMember(string path, Shard shard)
    {
        using FileStream file = File.OpenRead(path);
        if (shard.Offset < 0 || shard.Bytes is < 0 or > int.MaxValue || shard.Offset > file.Length - shard.Bytes)
            throw Damaged(path, $"it ends before the inputs of shard {shard.Number}");
        byte[] member = new byte[shard.Bytes];
        file.Position = shard.Offset;
        file.ReadExactly(member);
        return member;
    }

    private static string KeyOf(byte[] member, JobPlan plan, string path, Shard shard)
    {
        try
        {
            using GZipStream inputs = Decompress(member);
            return Shard.KeyOf(inputs, plan);
        }
        catch (InvalidDataException e)
        {
            throw Damaged(path, $"the inputs of shard {shard.Number} cannot be decompressed", e);
        }
    }

    private static GZipStream Decompress(byte[] member) => new(new MemoryStream(member), CompressionMode.Decompress);

    private static string? ReadLine(RowLimitedReader lines, string path, Shard shard)
    {
        try
        {
            lines.BeginRow();
            return lines.ReadLine();
        }
        catch (RowTooLongException e)
        {
            throw Damaged(path, $"an input of shard {shard.Number} has more than {CsvLimits.Row:N0} characters", e);
        }
    }

    private static InputFile Parse(string line, string where, JobPlan plan, IReadOnlyList<ScoreSource> sources)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            JsonElement entry = document.RootElement;
            int length = entry.GetArrayLength();
            int source = entry[0].GetInt32();
            if (length is not (2 or 5 or 7) || source < 0 || source >= Math.Min(sources.Count, plan.Roots.Count))
                throw new InvalidDataException($"{length} values of source {source}; expected 2, 5 or 7 of one of {sources.Count} sources");
            string name = entry[1].GetString() ?? throw new InvalidDataException("a name is missing");
            InputFile input = sources[source].File(Path.Combine(plan.Roots[source], name), name);
            return length == 2 ? input : input with
            {
                First = entry[2].GetInt64(),
                Count = entry[3].GetInt64(),
                ToEnd = entry[4].GetBoolean(),
                Start = length == 5 ? null : new VideoStart(entry[5].GetDouble(), entry[6].GetDouble()),
            };
        }
        // What JSON elements throw that are of another kind, are not there, or hold no number of the wanted size.
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or IndexOutOfRangeException
            or InvalidDataException)
        {
            throw Damaged(where, e.Message.TrimEnd('.'), e);
        }
    }

    private static InvalidDataException Damaged(string path, string what, Exception? inner = null) =>
        new($"{path} is damaged: {what}. Restore it, or plan the job again in a new folder.", inner);
}
