using System.Text.Json.Serialization;
using KeypointMl.Imaging;
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
    public int IntraOpThreads { get; init => field = Guard.AtLeast(value, 0); }

    /// <summary>
    /// The width in pixels of the images that the keypoints' coordinates refer to, given together with
    /// <see cref="KeypointsHeight"/>; null: those of the appearance column, row by row.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int? KeypointsWidth { get; init => field = Guard.AtLeast(value, 1); }

    /// <summary>The height that goes with <see cref="KeypointsWidth"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int? KeypointsHeight { get; init => field = Guard.AtLeast(value, 1); }

    /// <summary>
    /// The most pixels that are decoded from one file or byte vector; 0 for the default of
    /// <see cref="ImageDecoderOptions"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long MaxPixels { get; init => field = Guard.AtLeast(value, 0); }

    /// <summary>What happens at a row whose image or keypoints cannot be used; a keypoint that is not finite cannot.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the policies.</exception>
    public KeypointErrorPolicy OnError { get; init => field = Guard.Defined(value); }

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
        CheckOptions();
        return ModelContract.Read(Model, ModelName, ModelKind.Generator);
    }

    /// <exception cref="ArgumentException">A column has no name, or a width is given without a height.</exception>
    public void CheckOptions()
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
    }
}
