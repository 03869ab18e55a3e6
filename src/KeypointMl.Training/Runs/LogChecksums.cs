using System.Security.Cryptography;
using System.Text;
using KeypointMl.Imaging.Files;

namespace KeypointMl.Training.Runs;

/// <summary><c>log.jsonl.sha256</c>: the SHA-256 of every line of the log, a line each. A line is written after the log's, so
/// that there may be one less, never one more.</summary>
internal sealed class LogChecksums : IDisposable
{
    private readonly FileStream stream;

    private LogChecksums(FileStream stream) => this.stream = stream;

    /// <summary>The file beside a log.</summary>
    public static string PathOf(string log) => log + ".sha256";

    /// <summary>Of a line, without its line feed.</summary>
    public static string Of(ReadOnlySpan<byte> line) => Convert.ToHexStringLower(SHA256.HashData(line));

    /// <summary>Those of a log; null where it has none.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static IReadOnlyList<string>? Read(string log)
    {
        if (!File.Exists(PathOf(log)))
            return null;
        using var stream = new FileStream(PathOf(log), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        string[] lines = reader.ReadToEnd().Split('\n');
        // What follows the last line feed was cut short, or is nothing.
        return lines[..^1];
    }

    /// <summary>Begins the file anew with those of the lines that the log keeps; it has them all or is as it was.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static LogChecksums Begin(string log, IEnumerable<string> kept)
    {
        AtomicFile.WriteAllText(PathOf(log), string.Concat(kept.Select(line => line + "\n")));
        return new LogChecksums(new FileStream(PathOf(log), FileMode.Append, FileAccess.Write, FileShare.Read));
    }

    /// <summary>Adds that of a line.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Append(ReadOnlySpan<byte> line)
    {
        stream.Write(Encoding.Latin1.GetBytes(Of(line) + "\n"));
        stream.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();
}
