using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace KeypointMl.Training.Experiments;

/// <summary>
/// <c>results.jsonl</c>: how every run of an experiment ended, one JSON object a line, only ever added to. It alone
/// decides what is done: it can be kept without the runs' folders, and gone on with on another machine. Several
/// processes may add to one file.
/// </summary>
/// <param name="path">The file; made by the first <see cref="Append"/>.</param>
internal sealed class ResultsLedger(string path)
{
    private const int Attempts = 100;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    /// <summary>The file.</summary>
    public string Path { get; } = path;

    /// <summary>The newest entry of every run, by <see cref="LedgerEntry.Key"/>.</summary>
    /// <exception cref="InvalidDataException">A line that is not the last is no entry; the message names file and line.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public IReadOnlyDictionary<string, LedgerEntry> Read()
    {
        var entries = new Dictionary<string, LedgerEntry>(StringComparer.Ordinal);
        if (!File.Exists(Path))
            return entries;
        using FileStream stream = Open(FileAccess.Read);
        string[] lines = Content(stream).Split('\n');
        // What follows the last line feed is a line that an interruption cut short.
        for (int i = 0; i < lines.Length - 1; i++)
        {
            LedgerEntry entry = Parse(lines[i], i + 1);
            entries[entry.Key] = entry;
        }
        return entries;
    }

    /// <summary>Adds an entry; it is on the disk when this returns. A line that an interruption cut short is removed.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Append(LedgerEntry entry)
    {
        using FileStream stream = Open(FileAccess.ReadWrite);
        string content = Content(stream);
        stream.SetLength(Encoding.UTF8.GetByteCount(content.AsSpan(0, content.LastIndexOf('\n') + 1)));
        stream.Seek(0, SeekOrigin.End);
        stream.Write(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(entry, Json) + "\n"));
        stream.Flush(flushToDisk: true);
    }

    private static string Content(FileStream stream)
    {
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    private LedgerEntry Parse(string line, int number)
    {
        try
        {
            return JsonSerializer.Deserialize<LedgerEntry>(line, Json) ?? throw new JsonException("it is null");
        }
        // The second is of a JsonObject that has a key twice.
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            throw new InvalidDataException(
                $"{Path}:{number}: expected a run's result as a JSON object of one line, found something else: "
                + $"{exception.Message} Remove the line, or take the file from where it was whole.", exception);
        }
    }

    // Another process holds the file only while it reads or adds a line.
    private FileStream Open(FileAccess access)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return new FileStream(Path, access == FileAccess.Read
                    ? FileMode.Open
                    : FileMode.OpenOrCreate, access, access == FileAccess.Read ? FileShare.Read : FileShare.None);
            }
            catch (IOException) when (attempt < Attempts && File.Exists(Path))
            {
                Thread.Sleep(Pause);
            }
        }
    }
}
