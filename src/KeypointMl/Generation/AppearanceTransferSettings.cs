using System.Text.Json.Serialization;
using KeypointMl.Inference;

namespace KeypointMl;

/// <summary>All that a transferring transform is made of; what its saved form holds, with the graphs beside it.</summary>
internal sealed record AppearanceTransferSettings(string OutputColumn, string PoseColumn, string AppearanceColumn, AppearanceTransferOptions Options)
{
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
        ArgumentException.ThrowIfNullOrEmpty(OutputColumn);
        ArgumentException.ThrowIfNullOrEmpty(PoseColumn);
        ArgumentException.ThrowIfNullOrEmpty(AppearanceColumn);
        ModelContract detector = ModelContract.Read(Detector, Names.Detector, ModelKind.Detector);
        ModelContract generator = ModelContract.Read(Generator, Names.Generator, ModelKind.Generator);
        return detector.Metadata.Skeleton.Keypoints.SequenceEqual(generator.Metadata.Skeleton.Keypoints)
            ? generator
            : throw new ArgumentException(
                $"'{Names.Detector}' finds the keypoints of skeleton '{detector.Metadata.Skeleton.Name}', '{Names.Generator}' draws those of '{generator.Metadata.Skeleton.Name}'. Give the two graphs of one training run.");
    }
}
