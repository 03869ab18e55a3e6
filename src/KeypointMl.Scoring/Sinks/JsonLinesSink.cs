using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using KeypointMl.Imaging.Files;
using KeypointMl.Imaging.Images;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Scoring.Rows;

namespace KeypointMl.Scoring.Sinks;

/// <summary>
/// Writes rows as JSON Lines, an object a line: <c>source</c>, <c>frame</c>, <c>item</c>, <c>box</c> (<c>x</c>,
/// <c>y</c>, <c>width</c>, <c>height</c>), <c>status</c>, <c>error</c>, and <c>keypoints</c> by name (<c>x</c>,
/// <c>y</c>, <c>confidence</c> and, where poses are normalised, <c>normalized_x</c>, <c>normalized_y</c>);
/// <c>keypoints</c> is null where a row failed, a coordinate where a keypoint has no position.
/// </summary>
public sealed class JsonLinesSink : IPredictionSink
{
    private readonly ILineTarget target;
    private readonly ImmutableArray<string> keypoints;
    private readonly JsonOutput json = new();

    /// <summary>Starts a file.</summary>
    /// <param name="path">The final name; its folder must exist.</param>
    /// <param name="skeleton">Names the K keypoints.</param>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public JsonLinesSink(string path, Skeleton skeleton)
    {
        ArgumentNullException.ThrowIfNull(skeleton);
        keypoints = skeleton.Keypoints;
        target = new FileLines(path);
    }

    /// <summary>Writes to what is open already, such as standard output: each line as it comes, whether or not all will be well.</summary>
    /// <param name="text">Takes the lines; it is flushed after each and not disposed of.</param>
    /// <param name="skeleton">Names the K keypoints.</param>
    public JsonLinesSink(TextWriter text, Skeleton skeleton)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(skeleton);
        keypoints = skeleton.Keypoints;
        target = new OpenLines(text);
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(PredictionRow row, RgbImage? picture, CancellationToken cancellation)
    {
        target.Write(json.Format(writer => Write(writer, row)));
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask CompleteAsync(CancellationToken cancellation)
    {
        target.Complete();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        target.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Write(Utf8JsonWriter writer, PredictionRow row)
    {
        writer.WriteStartObject();
        writer.WriteString("source", row.Source);
        writer.WriteNumber("frame", row.Frame);
        writer.WriteString("item", row.Item);
        writer.WritePropertyName("box");
        WriteBox(writer, row.Box);
        writer.WriteString("status", row.StatusText);
        writer.WriteString("error", row.Error);
        writer.WritePropertyName("keypoints");
        WriteKeypoints(writer, row);
        writer.WriteEndObject();
    }

    private static void WriteBox(Utf8JsonWriter writer, Box? box)
    {
        if (box is not Box known)
        {
            writer.WriteNullValue();
            return;
        }
        writer.WriteStartObject();
        writer.WriteNumber("x", known.X);
        writer.WriteNumber("y", known.Y);
        writer.WriteNumber("width", known.Width);
        writer.WriteNumber("height", known.Height);
        writer.WriteEndObject();
    }

    private void WriteKeypoints(Utf8JsonWriter writer, PredictionRow row)
    {
        if (row.Status == PredictionStatus.Failed)
        {
            writer.WriteNullValue();
            return;
        }
        writer.WriteStartObject();
        for (int k = 0; k < keypoints.Length; k++)
        {
            writer.WriteStartObject(keypoints[k]);
            WriteCoordinate(writer, "x", row.Keypoints.Span[k].X);
            WriteCoordinate(writer, "y", row.Keypoints.Span[k].Y);
            writer.WriteNumber("confidence", row.Confidence.Span[k]);
            if (!row.Normalized.IsEmpty)
            {
                WriteCoordinate(writer, "normalized_x", row.Normalized.Span[k].X);
                WriteCoordinate(writer, "normalized_y", row.Normalized.Span[k].Y);
            }
            writer.WriteEndObject();
        }
        writer.WriteEndObject();
    }

    private static void WriteCoordinate(Utf8JsonWriter writer, string name, float value)
    {
        if (float.IsFinite(value))
            writer.WriteNumber(name, value);
        else
            writer.WriteNull(name);
    }

    // Where the lines go, which end by '\n' on every system.
    private interface ILineTarget : IDisposable
    {
        void Write(ReadOnlySpan<byte> line);

        void Complete();
    }

    private sealed class FileLines(string path) : ILineTarget
    {
        private readonly PendingFile file = new(path);

        public void Write(ReadOnlySpan<byte> line)
        {
            file.Content.Write(line);
            file.Content.WriteByte((byte)'\n');
        }

        public void Complete() => file.Complete();

        public void Dispose() => file.Dispose();
    }

    private sealed class OpenLines(TextWriter text) : ILineTarget
    {
        public void Write(ReadOnlySpan<byte> line)
        {
            text.Write(Encoding.UTF8.GetString(line) + '\n');
            text.Flush();
        }

        public void Complete()
        {
        }

        public void Dispose()
        {
        }
    }
}

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
