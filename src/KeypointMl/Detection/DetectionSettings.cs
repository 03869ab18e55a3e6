using KeypointMl.Inference;

namespace KeypointMl;

/// <summary>All that a detecting transform is made of, checked; what its saved form holds.</summary>
internal sealed class DetectionSettings
{
    private DetectionSettings(string outputColumn, string inputColumn, byte[] model, string modelName, ModelContract contract, KeypointDetectionOptions options)
    {
        OutputColumn = outputColumn;
        InputColumn = inputColumn;
        Model = model;
        ModelName = modelName;
        Contract = contract;
        Options = options;
        Columns = new DetectionColumns(outputColumn, options.ConfidenceColumnName, contract.Metadata.Skeleton);
    }

    public string OutputColumn { get; }

    public string InputColumn { get; }

    public byte[] Model { get; }

    public string ModelName { get; }

    public ModelContract Contract { get; }

    public KeypointDetectionOptions Options { get; }

    public DetectionColumns Columns { get; }

    public static DetectionSettings FromFile(string outputColumn, string inputColumn, string modelPath, KeypointDetectionOptions options) =>
        Create(outputColumn, inputColumn, ModelFile.ReadAllBytes(modelPath), modelPath, options);

    public static DetectionSettings Create(string outputColumn, string inputColumn, byte[] model, string modelName, KeypointDetectionOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumn);
        ArgumentException.ThrowIfNullOrEmpty(inputColumn);
        ArgumentNullException.ThrowIfNull(model);
        if (options.ConfidenceColumnName is { } confidence && (confidence.Length == 0 || confidence == outputColumn))
            throw new ArgumentException($"The confidence column is named '{confidence}'; its name must not be empty, nor be that of the keypoints ('{outputColumn}').", nameof(options));
        return new DetectionSettings(outputColumn, inputColumn, model, modelName, ModelContract.Read(model, modelName, ModelKind.Detector), options);
    }
}
