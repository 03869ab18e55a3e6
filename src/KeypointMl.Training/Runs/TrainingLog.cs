using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace KeypointMl.Training;

/// <summary><c>log.jsonl</c>: one JSON object per line, each line on the disk before <see cref="Append"/> returns to the caller's next step.</summary>
public sealed class TrainingLog : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DictionaryKeyPolicy = null,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        // A loss that is no longer a number is what the log must show; JSON has no NaN, so it is written as a string.
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    private readonly FileStream stream;

    private TrainingLog(FileStream stream) => this.stream = stream;

    /// <summary>Opens the log for appending. Lines after the place where training goes on, and a last line that an interruption cut short, are removed.</summary>
    /// <param name="path">The file; made if missing.</param>
    /// <param name="phase">The phase in which training goes on.</param>
    /// <param name="step">The last step of that phase that is kept; 0 with <see cref="TrainingPhase.RegressorPretraining"/> empties the log.</param>
    /// <exception cref="InvalidDataException">A line that is not the last is not a log line.</exception>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    public static TrainingLog Open(string path, TrainingPhase phase = TrainingPhase.RegressorPretraining, long step = 0)
    {
        var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            byte[] content = new byte[stream.Length];
            stream.ReadExactly(content);
            int kept = 0;
            foreach ((TrainingLogEntry entry, int end) in Parse(content, path))
            {
                if ((entry.Phase, entry.Step).CompareTo((phase, step)) > 0)
                    break;
                kept = end;
            }
            stream.SetLength(kept);
            stream.Position = kept;
            return new TrainingLog(stream);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Reads a log, also one that is being written.</summary>
    /// <exception cref="InvalidDataException">A complete line is not a log line; the message names file and line.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<TrainingLogEntry> Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return [.. Parse(content, path).Select(line => line.Entry)];
    }

    /// <summary>Adds a line.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Append(TrainingLogEntry entry)
    {
        stream.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(entry, Json) + "\n"));
        stream.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    /// <summary>The entries with the offset after each one's line. Bytes after the last line feed are an unfinished line and left out.</summary>
    private static IEnumerable<(TrainingLogEntry Entry, int End)> Parse(byte[] content, string path)
    {
        int start = 0;
        for (int line = 1; start < content.Length; line++)
        {
            int length = content.AsSpan(start).IndexOf((byte)'\n');
            if (length < 0)
                yield break;
            yield return (ParseLine(content.AsSpan(start, length), path, line), start + length + 1);
            start += length + 1;
        }
    }

    private static TrainingLogEntry ParseLine(ReadOnlySpan<byte> text, string path, int line)
    {
        try
        {
            return JsonSerializer.Deserialize<TrainingLogEntry>(text, Json) ?? throw new JsonException("it is null");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{path}:{line}: this is not a line of a training log ({exception.Message}); move the file away or restore it.", exception);
        }
    }
}
