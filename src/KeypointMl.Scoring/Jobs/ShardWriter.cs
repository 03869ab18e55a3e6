using System.Buffers;
using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using KeypointMl.Imaging.Video;
using KeypointMl.Scoring.Inputs;
using KeypointMl.Scoring.Pipelines;

namespace KeypointMl.Scoring.Jobs;

/// <summary>Divides inputs into shards and writes the list of shards and their inputs; holds one shard at a time.</summary>
/// <param name="pipeline">Its sources and steps.</param>
/// <param name="plan">Says how many frames a shard has at most, but where a video may not be divided, and what the results
/// depend on beside the inputs.</param>
/// <param name="shards">Receives a line for each shard.</param>
/// <param name="inputs">Receives a gzip member for each shard.</param>
internal sealed class ShardWriter(ScorePipeline pipeline, JobPlan plan, Stream shards, Stream inputs) : IDisposable
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly ArrayBufferWriter<byte> lines = new(1 << 20);
    private readonly Utf8JsonWriter json = new(Stream.Null, Options);
    private readonly int shardFrames = plan.ShardFrames;
    private long shardSize;

    /// <summary>How many shards were written.</summary>
    public int Shards { get; private set; }

    /// <summary>How many frames were added.</summary>
    public long Frames { get; private set; }

    /// <summary>Adds an image, or the frames of a video, which are divided among shards where they may be.</summary>
    /// <param name="file">The file; its count is known, or it is an image.</param>
    /// <param name="index">Where decoding of a video can begin; null where that is not known.</param>
    public void Add(InputFile file, VideoIndex? index)
    {
        if (file.IsImage)
        {
            Append(file, 1);
            return;
        }
        long left = file.Count!.Value;
        if (pipeline.IsOverTime)
        {
            if (shardSize > 0 && shardSize + left > shardFrames)
                CloseShard();
            Append(file, left);
            return;
        }
        for (long first = file.First; left > 0;)
        {
            long count = Math.Min(left, shardFrames - shardSize);
            left -= count;
            Append(file with { First = first, Count = count, ToEnd = file.ToEnd && left == 0, Start = index?.StartOf(first) }, count);
            first += count * file.Step;
        }
    }

    /// <summary>Writes the last shard.</summary>
    public void Complete()
    {
        if (shardSize > 0)
            CloseShard();
    }

    /// <inheritdoc/>
    public void Dispose() => json.Dispose();

    private void Append(InputFile file, long frames)
    {
        json.Reset(lines);
        ShardInputs.Write(json, pipeline.Inputs[file.Source], file);
        json.Flush();
        lines.Write("\n"u8);
        shardSize += frames;
        Frames += frames;
        if (shardSize >= shardFrames)
            CloseShard();
    }

    private void CloseShard()
    {
        long offset = inputs.Position;
        using (var member = new GZipStream(inputs, CompressionLevel.Fastest, leaveOpen: true))
            member.Write(lines.WrittenSpan);
        var shard = new Shard(Shards++, Shard.KeyOf(lines.WrittenSpan, plan), shardSize, offset, inputs.Position - offset);
        JsonSerializer.Serialize(shards, shard, JobJson.Line);
        shards.WriteByte((byte)'\n');
        lines.ResetWrittenCount();
        shardSize = 0;
    }
}
