using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace KeypointMl.Scoring;

/// <summary>Makes the bytes of one JSON value after the other in one reused buffer.</summary>
internal sealed class JsonOutput
{
    private readonly ArrayBufferWriter<byte> buffer = new();

    // File names and error messages are to be readable; nobody puts these files into HTML.
    private readonly JsonWriterOptions options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The UTF-8 bytes of one value; valid until the next call.</summary>
    public ReadOnlySpan<byte> Format(Action<Utf8JsonWriter> write)
    {
        buffer.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(buffer, options))
            write(writer);
        return buffer.WrittenSpan;
    }
}
