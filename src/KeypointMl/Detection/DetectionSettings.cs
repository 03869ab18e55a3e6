using KeypointMl.Inference.Contracts;
using KeypointMl.Inference.Detection;
using KeypointMl.Rows;
using Microsoft.ML;

namespace KeypointMl.Detection;

/// <summary>All that a detecting transform is made of, checked; what its saved form holds.</summary>
internal sealed class DetectionSettings
{
    private DetectionSettings(
        string outputColumn,
        string inputColumn,
        byte[] model,
        string modelName,
        ModelContract contract,
        KeypointDetectionOptions options)
    {
        OutputColumn = outputColumn;
        InputColumn = inputColumn;
        Model = model;
        ModelName = modelName;
        Contract = contract;
        Options = options;
        Columns = new DetectionColumns(outputColumn, options, contract.Metadata.Skeleton);
    }

    public string OutputColumn { get; }

    public string InputColumn { get; }

    public byte[] Model { get; }

    public string ModelName { get; }

    public ModelContract Contract { get; }

    public KeypointDetectionOptions Options { get; }

    public DetectionColumns Columns { get; }

    /// <summary>Where the context wants models to run whose options leave it open.</summary>
    public ContextDevice Context { get; init; }

    /// <summary>A detector that the caller loaded and keeps; null where the transformer loads its own.</summary>
    public KeypointDetector? Shared { get; private init; }

    public static DetectionSettings FromFile(
        string outputColumn, string inputColumn, string modelPath, KeypointDetectionOptions options, ContextDevice context = default) =>
        FromBytes(outputColumn, inputColumn, ModelFile.ReadAllBytes(modelPath), modelPath, options, context);

    public static DetectionSettings FromBytes(
        string outputColumn,
        string inputColumn,
        byte[] model,
        string modelName,
        KeypointDetectionOptions options,
        ContextDevice context = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        Check(outputColumn, inputColumn, options);
        return new DetectionSettings(
            outputColumn, inputColumn, model, modelName, ModelContract.Read(model, modelName, ModelKind.Detector), options)
        {
            Context = context,
        };
    }

    /// <exception cref="ArgumentException">The options ask for another device or number of threads than the detector has.</exception>
    public static DetectionSettings FromDetector(
        string outputColumn, string inputColumn, KeypointDetector detector, KeypointDetectionOptions options)
    {
        ArgumentNullException.ThrowIfNull(detector);
        Check(outputColumn, inputColumn, options);
        KeypointDetectorOptions loaded = detector.Options;
        if (options.Device != default && options.Device != loaded.Device
            || options.IntraOpThreads != 0 && options.IntraOpThreads != loaded.IntraOpThreads
            || options.PadBatches && !loaded.PadBatches || options.CudaGraph && !loaded.CudaGraph)
        {
            throw new ArgumentException(
                $"The options ask for {Describe(options.Detector)}, but the detector was loaded for {Describe(loaded)}. "
                + "Leave that out here, or load the detector with it.", nameof(options));
        }
        options = options with
        {
            Device = loaded.Device,
            IntraOpThreads = loaded.IntraOpThreads,
            PadBatches = loaded.PadBatches,
            CudaGraph = loaded.CudaGraph,
        };
        return new DetectionSettings(outputColumn, inputColumn, detector.Model, "detector.onnx", detector.Contract, options)
        {
            Shared = detector,
        };
    }

    /// <summary>The columns of a schema that detection reads.</summary>
    /// <exception cref="ArgumentException">A column is missing or has an unsuitable type.</exception>
    public InputColumns FindInputs(DataViewSchema schema) => InputColumns.Find(schema, InputColumn, Options.BoxColumnName);

    private static string Describe(KeypointDetectorOptions options) =>
        $"device {options.Device}, {options.IntraOpThreads} "
        + $"threads{(options.PadBatches ? ", padded batches" : "")}{(options.CudaGraph ? ", CUDA graphs" : "")}";

    /// <summary>Refuses names and options that do not go together, whatever the model.</summary>
    /// <exception cref="ArgumentException">They do not; the message says which.</exception>
    public static void Check(string outputColumn, string inputColumn, KeypointDetectionOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(outputColumn);
        ArgumentException.ThrowIfNullOrEmpty(inputColumn);
        if (options.BoxColumnName is { Length: 0 })
        {
            throw new ArgumentException(
                "The name of the box column is empty. Give the name of a column of 4 floats, or null for whole images.", nameof(options));
        }
        if (options.ErrorColumnName is { } error && options.OnError == KeypointErrorPolicy.Throw)
        {
            throw new ArgumentException(
                $"An error column '{error}' is asked for, but {nameof(options.OnError)} is "
                + $"{nameof(KeypointErrorPolicy.Throw)}, under which it would always be empty. "
                + $"Set {nameof(options.OnError)} to {nameof(KeypointErrorPolicy.MarkRow)}, or leave the column out.",
                nameof(options));
        }
        DetectionColumns.RequireNames(outputColumn, options);
    }
}
