using System.Text.Json;
using System.Text.Json.Serialization;

namespace KeypointMl.Training.Runs;

/// <summary>
/// <c>log.jsonl</c>: one JSON object per line, each line on the disk before <see cref="Append"/> returns. Beside it
/// <c>log.jsonl.sha256</c> has the checksum of every line; a log of an earlier
/// version has none until a run goes on with it.
/// </summary>
internal sealed class TrainingLog : IDisposable
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
    private readonly LogChecksums checksums;

    private TrainingLog(FileStream stream, LogChecksums checksums, IReadOnlyList<TrainingLogEntry> kept) =>
        (this.stream, this.checksums, Kept) = (stream, checksums, kept);

    /// <summary>What the log had when it was opened, up to the place where training goes on.</summary>
    internal IReadOnlyList<TrainingLogEntry> Kept { get; }

    /// <summary>On what the last of <see cref="Kept"/> was computed; null where none says.</summary>
    internal TrainingEnvironment? LastEnvironment => Kept.LastOrDefault(entry => entry.Environment is not null)?.Environment;

    /// <summary>
    /// Opens the log for appending. Lines after the place where training goes on, and a last line that an interruption
    /// cut short, are removed.
    /// </summary>
    /// <param name="path">The file; made if missing.</param>
    /// <param name="phase">The phase in which training goes on.</param>
    /// <param name="step">
    /// The last step of that phase that is kept; 0 with <see cref="TrainingPhase.RegressorPretraining"/> empties the
    /// log.
    /// </param>
    /// <exception cref="InvalidDataException">A line is not what was written; the message names file and line and says what to
    /// do.</exception>
    /// <exception cref="IOException">The file cannot be read or written.</exception>
    public static TrainingLog Open(string path, TrainingPhase phase = TrainingPhase.RegressorPretraining, long step = 0)
    {
        bool isNew = !File.Exists(path);
        var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            Line[] kept = (phase, step) == default || isNew ? [] : [.. Parse(Content(stream), LogChecksums.Read(path), path)
                .TakeWhile(line => (line.Entry.Phase, line.Entry.Step).CompareTo((phase, step)) <= 0)];
            // Before the log is cut, so that it has never fewer lines than checksums, whenever the process is killed.
            var checksums = LogChecksums.Begin(path, kept.Select(line => line.Sha256));
            stream.SetLength(kept.Length == 0 ? 0 : kept[^1].End);
            stream.Position = stream.Length;
            return new TrainingLog(stream, checksums, [.. kept.Select(line => line.Entry)]);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Reads a log, also one that is being written.</summary>
    /// <exception cref="InvalidDataException">A line is not what was written; the message names file and line and says what to
    /// do.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<TrainingLogEntry> Read(string path)
    {
        // First, because it has never more lines than the log at the same time.
        IReadOnlyList<string>? known = LogChecksums.Read(path);
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return [.. Parse(Content(stream), known, path).Select(line => line.Entry)];
    }

    /// <summary>Adds a line.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Append(TrainingLogEntry entry)
    {
        byte[] line = JsonSerializer.SerializeToUtf8Bytes(entry, Json);
        stream.Write([.. line, (byte)'\n']);
        stream.Flush(flushToDisk: true);
        checksums.Append(line);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        checksums.Dispose();
        stream.Dispose();
    }

    private static byte[] Content(FileStream stream)
    {
        byte[] content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }

    /// <summary>
    /// The entries with the offset after each one's line. Bytes after the last line feed are an unfinished line and
    /// left out.
    /// </summary>
    private static IEnumerable<Line> Parse(byte[] content, IReadOnlyList<string>? known, string path)
    {
        int start = 0;
        int number = 0;
        for (int length; (length = content.AsSpan(start).IndexOf((byte)'\n')) >= 0; start += length + 1)
        {
            string sha256 = LogChecksums.Of(content.AsSpan(start, length));
            if (number < known?.Count && known[number] != sha256)
            {
                throw Damaged(
                    $"{path}:{number + 1}: this line is not what was written: its SHA-256 is another than in "
                    + $"{Path.GetFileName(LogChecksums.PathOf(path))}.", path);
            }
            yield return new Line(ParseLine(content.AsSpan(start, length), path, ++number), start + length + 1, sha256);
        }
        if (number < known?.Count)
            throw Damaged($"{path}: it has {number} lines, and {known.Count} were written.", path);
    }

    private static TrainingLogEntry ParseLine(ReadOnlySpan<byte> text, string path, int line)
    {
        try
        {
            return JsonSerializer.Deserialize<TrainingLogEntry>(text, Json) ?? throw new JsonException("it is null");
        }
        catch (JsonException exception)
        {
            throw Damaged($"{path}:{line}: this is not a line of a training log ({exception.Message.TrimEnd('.')}).", path, exception);
        }
    }

    private static InvalidDataException Damaged(string what, string path, Exception? inner = null) =>
        new(
            $"{what} Restore '{path}', or move it away: training goes on without it (--resume), and the log then begins where "
            + "training does.", inner);

    private readonly record struct Line(TrainingLogEntry Entry, int End, string Sha256);
}

/// <summary>The phases of a run, in their order; each counts its steps from 1.</summary>
public enum TrainingPhase
{
    /// <summary>η alone, on rendered prior poses.</summary>
    RegressorPretraining,

    /// <summary>A distillation's detector, generator and D in the subject's own frame of reference.</summary>
    Articulation,

    /// <summary>The run's result: Φ, Ψ, D and η together, on frames; or a baseline, or a distillation's student.</summary>
    Training,
}
