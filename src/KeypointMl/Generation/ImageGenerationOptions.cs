using System.Text.Json.Serialization;
using KeypointMl.Imaging.Images;
using KeypointMl.Inference.Contracts;
using KeypointMl.Inference.Devices;
using KeypointMl.Inference.Generation;
using KeypointMl.Rows;

namespace KeypointMl.Generation;

/// <summary>How <c>GenerateImage</c> runs.</summary>
public sealed record ImageGenerationOptions
{
    /// <summary>The device asked for; <see cref="ImageGeneratingTransformer.Device"/> says which is used.</summary>
    public KeypointDevice Device { get; init; }

    /// <summary>The threads of one run of the graph; 0 leaves the choice to ONNX Runtime (one for each physical core).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int IntraOpThreads
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(IntraOpThreads));
            field = value;
        }
    }

    /// <summary>
    /// The width in pixels of the images that the keypoints' coordinates refer to, given together with
    /// <see cref="KeypointsHeight"/>; null: those of the appearance column, row by row.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int? KeypointsWidth
    {
        get;
        init => field = value is null or > 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(KeypointsWidth), value, "Expected pixels, 1 or more.");
    }

    /// <summary>The height that goes with <see cref="KeypointsWidth"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int? KeypointsHeight
    {
        get;
        init => field = value is null or > 0
            ? value
            : throw new ArgumentOutOfRangeException(nameof(KeypointsHeight), value, "Expected pixels, 1 or more.");
    }

    /// <summary>
    /// The most pixels that are decoded from one file or byte vector; 0 for the default of
    /// <see cref="ImageDecoderOptions"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long MaxPixels
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value, nameof(MaxPixels));
            field = value;
        }
    }

    /// <summary>What happens at a row whose image or keypoints cannot be used; a keypoint that is not finite cannot.</summary>
    public KeypointErrorPolicy OnError { get; init; }

    internal ImageDecoderOptions Decoder() => DecoderLimits.Of(MaxPixels);

    internal ImageGeneratorOptions Generator(KeypointDevice device) => new() { Device = device, IntraOpThreads = IntraOpThreads };
}

/// <summary>All that a generating transform is made of; what its saved form holds, with the graph beside it.</summary>
internal sealed record ImageGenerationSettings(
    string OutputColumn, string KeypointsColumn, string AppearanceColumn, ImageGenerationOptions Options)
{
    /// <summary>Where the context wants models to run whose options leave it open.</summary>
    [JsonIgnore]
    public ContextDevice Context { get; init; }

    /// <summary>The graph's bytes.</summary>
    [JsonIgnore]
    public byte[] Model { get; init; } = [];

    /// <summary>The graph's name in messages.</summary>
    [JsonIgnore]
    public string ModelName { get; init; } = "generator.onnx";

    /// <exception cref="ArgumentException">A column has no name, or a width is given without a height.</exception>
    /// <exception cref="InvalidDataException">The graph is no generator.</exception>
    public ModelContract Check()
    {
        ArgumentException.ThrowIfNullOrEmpty(OutputColumn);
        ArgumentException.ThrowIfNullOrEmpty(KeypointsColumn);
        ArgumentException.ThrowIfNullOrEmpty(AppearanceColumn);
        if (Options.KeypointsWidth is null != Options.KeypointsHeight is null)
        {
            throw new ArgumentException(
                $"{nameof(Options.KeypointsWidth)} is {Options.KeypointsWidth?.ToString() ?? "not given"} and "
                + $"{nameof(Options.KeypointsHeight)} {Options.KeypointsHeight?.ToString() ?? "is not"}; give both or neither.");
        }
        return ModelContract.Read(Model, ModelName, ModelKind.Generator);
    }
}
