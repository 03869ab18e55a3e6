using System.Text.Json.Serialization;
using KeypointMl.Inference;

namespace KeypointMl;

/// <summary>All that a generating transform is made of; what its saved form holds, with the graph beside it.</summary>
internal sealed record ImageGenerationSettings(string OutputColumn, string KeypointsColumn, string AppearanceColumn, ImageGenerationOptions Options)
{
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
                $"{nameof(Options.KeypointsWidth)} is {Options.KeypointsWidth?.ToString() ?? "not given"} and {nameof(Options.KeypointsHeight)} {Options.KeypointsHeight?.ToString() ?? "is not"}; give both or neither.");
        }
        return ModelContract.Read(Model, ModelName, ModelKind.Generator);
    }
}
