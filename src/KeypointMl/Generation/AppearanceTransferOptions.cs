using System.Text.Json.Serialization;
using KeypointMl.Imaging;
using KeypointMl.Imaging.Images;
using KeypointMl.Inference.Contracts;
using KeypointMl.Inference.Devices;
using KeypointMl.Rows;

namespace KeypointMl.Generation;

/// <summary>How <c>TransferAppearance</c> runs.</summary>
public sealed record AppearanceTransferOptions
{
    /// <summary>The device asked for, of both graphs; <see cref="AppearanceTransferringTransformer.Device"/> says which is used.</summary>
    public KeypointDevice Device { get; init; }

    /// <summary>The threads of one run of a graph; 0 leaves the choice to ONNX Runtime (one for each physical core).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public int IntraOpThreads { get; init => field = Guard.AtLeast(value, 0); }

    /// <summary>
    /// The most pixels that are decoded from one file or byte vector; 0 for the default of
    /// <see cref="ImageDecoderOptions"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public long MaxPixels { get; init => field = Guard.AtLeast(value, 0); }

    /// <summary>What happens at a row one of whose images cannot be used.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is none of the policies.</exception>
    public KeypointErrorPolicy OnError { get; init => field = Guard.Defined(value); }

    internal ImageDecoderOptions Decoder() => DecoderLimits.Of(MaxPixels);
}

/// <summary>All that a transferring transform is made of; what its saved form holds, with the graphs beside it.</summary>
internal sealed record AppearanceTransferSettings(
    string OutputColumn, string PoseColumn, string AppearanceColumn, AppearanceTransferOptions Options)
{
    /// <summary>Where the context wants models to run whose options leave it open.</summary>
    [JsonIgnore]
    public ContextDevice Context { get; init; }

    [JsonIgnore]
    public byte[] Detector { get; init; } = [];

    [JsonIgnore]
    public byte[] Generator { get; init; } = [];

    /// <summary>The graphs' names in messages.</summary>
    [JsonIgnore]
    public (string Detector, string Generator) Names { get; init; } = ("detector.onnx", "generator.onnx");

    /// <exception cref="ArgumentException">A column has no name, or the graphs have different keypoints.</exception>
    /// <exception cref="InvalidDataException">The graphs are no detector and generator.</exception>
    public ModelContract Check()
    {
        CheckColumns();
        ModelContract detector = ModelContract.Read(Detector, Names.Detector, ModelKind.Detector);
        ModelContract generator = ModelContract.Read(Generator, Names.Generator, ModelKind.Generator);
        return detector.Metadata.Skeleton.Keypoints.SequenceEqual(generator.Metadata.Skeleton.Keypoints)
            ? generator
            : throw new ArgumentException(
                $"'{Names.Detector}' finds the keypoints of skeleton '{detector.Metadata.Skeleton.Name}', "
                + $"'{Names.Generator}' draws those of '{generator.Metadata.Skeleton.Name}'. Give the two graphs of one training run.");
    }

    /// <exception cref="ArgumentException">A column has no name.</exception>
    public void CheckColumns()
    {
        ArgumentException.ThrowIfNullOrEmpty(OutputColumn);
        ArgumentException.ThrowIfNullOrEmpty(PoseColumn);
        ArgumentException.ThrowIfNullOrEmpty(AppearanceColumn);
    }
}
