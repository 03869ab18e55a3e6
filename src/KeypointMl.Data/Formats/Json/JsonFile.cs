using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using KeypointMl.Data.Formats.Landmarks;

namespace KeypointMl.Data.Formats.Json;

/// <summary>Parses JSON from anywhere: strictly, within limits, and so that no later access to a text of it can fail.</summary>
internal static class JsonFile
{
    /// <summary>The largest file.</summary>
    public const long MaxBytes = 1L << 30;

    /// <summary>Objects and lists inside each other.</summary>
    public const int MaxDepth = 64;

    // The document keeps 12 bytes for each.
    private const int MaxTokens = 100_000_000;

    private static readonly string[] NotNumbers = ["-Infinity", "Infinity", "NaN", "nan", "-inf", "inf"];

    /// <summary>Reads a file.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// It is too large or no JSON, or has a key twice or text that is no Unicode; the message names file and line.
    /// </exception>
    public static JsonDocument Read(string path)
    {
        var info = new FileInfo(path);
        if (!info.Exists)
            throw new FileNotFoundException($"There is no file {path}.", path);
        if (info.Length > MaxBytes)
            throw new InvalidDataException($"{path}: byte {MaxBytes}: the file has {info.Length:N0} bytes; the limit is {MaxBytes:N0}.");
        return Parse(File.ReadAllBytes(path), path);
    }

    /// <summary>Reads a file that holds one object, to be looked at when it is closed.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It holds something else, or see <see cref="Read"/>.</exception>
    public static JsonObject ReadObject(string path)
    {
        using JsonDocument document = Read(path);
        return document.RootElement.ValueKind == JsonValueKind.Object
            ? JsonObject.Create(document.RootElement.Clone())!
            : throw new InvalidDataException(
                $"{path}: expected a JSON object; found a JSON {document.RootElement.ValueKind.ToString().ToLowerInvariant()}.");
    }

    /// <summary>Parses UTF-8 text.</summary>
    /// <param name="json">The bytes; the document refers to them.</param>
    /// <param name="file">What to call it in messages.</param>
    /// <exception cref="InvalidDataException">See <see cref="Read"/>.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> json, string file)
    {
        if (json.Span.StartsWith("\uFEFF"u8))
            json = json["\uFEFF"u8.Length..];
        if (!Utf8.IsValid(json.Span))
            throw new InvalidDataException($"{file}: not JSON: the text is not UTF-8. Save it as UTF-8.");
        try
        {
            CheckTexts(json.Span, file);
            return JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = MaxDepth });
        }
        catch (JsonException error)
        {
            throw Malformed(json.Span, file, error);
        }
    }

    private static void CheckTexts(ReadOnlySpan<byte> json, string file)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        for (int tokens = 0; reader.Read(); tokens++)
        {
            if (tokens > MaxTokens)
                throw new InvalidDataException($"{file}: there are more than {MaxTokens:N0} values; that is beyond the limit.");
            if (!reader.ValueIsEscaped)
                continue;
            try
            {
                reader.GetString();
            }
            catch (InvalidOperationException error)
            {
                string where = $"{file}:{LineOf(json, reader.TokenStartIndex)}: the text {SafeQuote(reader.ValueSpan)}";
                throw new InvalidDataException(
                    $"{where} is no valid Unicode: half of a surrogate pair stands alone. Write the whole character.", error);
            }
        }
    }

    private static InvalidDataException Malformed(ReadOnlySpan<byte> json, string file, JsonException error)
    {
        // That a key stands twice is told without its place.
        if (error.LineNumber is null && FindDuplicate(json) is (long at, string key))
        {
            string text = $"the key '{TextNumbers.Shorten(key)}' stands twice in one object; remove one";
            return new InvalidDataException($"{file}:{LineOf(json, at)}: {text}.", error);
        }
        string where = $"{file}:{(error.LineNumber ?? 0) + 1}";
        return new InvalidDataException(
            $"{where}: not well-formed JSON at byte {error.BytePositionInLine ?? 0} of the line: {Reason(json, error)}.", error);
    }

    private static (long At, string Key)? FindDuplicate(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        var open = new Stack<HashSet<string>>();
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.StartObject)
                open.Push(new HashSet<string>(StringComparer.Ordinal));
            else if (reader.TokenType == JsonTokenType.EndObject)
                open.Pop();
            else if (reader.TokenType == JsonTokenType.PropertyName && reader.GetString() is string key && !open.Peek().Add(key))
                return (reader.TokenStartIndex, key);
        }
        return null;
    }

    private static int LineOf(ReadOnlySpan<byte> json, long at) => json[..(int)at].Count((byte)'\n') + 1;

    private static string SafeQuote(ReadOnlySpan<byte> escaped)
    {
        string text = Encoding.UTF8.GetString(escaped[..Math.Min(escaped.Length, 40)]);
        return $"\"{text}{(escaped.Length > 40 ? "…" : "")}\"";
    }

    private static string Reason(ReadOnlySpan<byte> json, JsonException error)
    {
        if (FindNotNumber(json, error) is string found)
            return $"{found} stands there, which JSON does not have (Python's json module writes it); write null, or leave the key out";
        string message = error.Message.Split(" LineNumber:")[0].Split(" Path:")[0];
        return message.TrimEnd('.', ' ');
    }

    private static string? FindNotNumber(ReadOnlySpan<byte> json, JsonException error)
    {
        if (error.LineNumber is not long line || error.BytePositionInLine is not long byteInLine)
            return null;
        int start = 0;
        for (; line > 0; line--)
        {
            int end = json[start..].IndexOf((byte)'\n');
            if (end < 0)
                return null;
            start += end + 1;
        }
        // The sign of -Infinity was still a number's, and the n of nan one of null's.
        int at = (int)Math.Min(start + byteInLine, json.Length);
        ReadOnlySpan<byte> rest = json[at..], before = json[Math.Max(at - 1, 0)..];
        foreach (string word in NotNumbers)
        {
            byte[] bytes = Encoding.ASCII.GetBytes(word);
            if (before.StartsWith(bytes) || rest.StartsWith(bytes))
                return word;
        }
        return null;
    }
}
