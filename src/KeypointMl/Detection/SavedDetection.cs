using KeypointMl.Inference.Devices;
using KeypointMl.Rows;

namespace KeypointMl.Detection;

/// <summary>The settings of a saved transform, all but the graph, as JSON.</summary>
internal sealed record SavedDetection
{
    public required string OutputColumn { get; init; }

    public required string InputColumn { get; init; }

    public required string? ConfidenceColumn { get; init; }

    public required string Device { get; init; }

    public required int IntraOpThreads { get; init; }

    public required int BatchSize { get; init; }

    public required int DecodeThreads { get; init; }

    public required long MaxPixels { get; init; }

    // Since format version 2; version 1 had none of them, which their defaults say.
    public int ParallelRuns { get; init; }

    public bool AutoTune { get; init; }

    public bool PadBatches { get; init; }

    public bool CudaGraph { get; init; }

    public string? BoxColumn { get; init; }

    public bool InterleaveConfidence { get; init; }

    public string OnError { get; init; } = nameof(KeypointErrorPolicy.Throw);

    public string? ErrorColumn { get; init; }

    public static SavedDetection From(DetectionSettings settings) => new()
    {
        OutputColumn = settings.OutputColumn,
        InputColumn = settings.InputColumn,
        ConfidenceColumn = settings.Options.ConfidenceColumnName,
        Device = settings.Options.Device.ToString(),
        IntraOpThreads = settings.Options.IntraOpThreads,
        BatchSize = settings.Options.BatchSize,
        DecodeThreads = settings.Options.DecodeThreads,
        MaxPixels = settings.Options.MaxPixels,
        ParallelRuns = settings.Options.ParallelRuns,
        AutoTune = settings.Options.AutoTune,
        PadBatches = settings.Options.PadBatches,
        CudaGraph = settings.Options.CudaGraph,
        BoxColumn = settings.Options.BoxColumnName,
        InterleaveConfidence = settings.Options.InterleaveConfidence,
        OnError = settings.Options.OnError.ToString(),
        ErrorColumn = settings.Options.ErrorColumnName,
    };

    /// <exception cref="InvalidDataException">A setting is outside its range, or the graph is not a detector.</exception>
    public DetectionSettings ToSettings(byte[] graph, string graphName, ContextDevice context = default)
    {
        try
        {
            var options = new KeypointDetectionOptions
            {
                ConfidenceColumnName = ConfidenceColumn,
                Device = KeypointDevice.Parse(Device),
                IntraOpThreads = IntraOpThreads,
                BatchSize = BatchSize,
                DecodeThreads = DecodeThreads,
                MaxPixels = MaxPixels,
                ParallelRuns = ParallelRuns,
                AutoTune = AutoTune,
                PadBatches = PadBatches,
                CudaGraph = CudaGraph,
                BoxColumnName = BoxColumn,
                InterleaveConfidence = InterleaveConfidence,
                OnError = Enum.Parse<KeypointErrorPolicy>(OnError),
                ErrorColumnName = ErrorColumn,
            };
            return DetectionSettings.FromBytes(OutputColumn, InputColumn, graph, graphName, options, context);
        }
        catch (Exception e) when (e is ArgumentException or FormatException)
        {
            throw KeypointDetectingTransformer.Saved.Damaged(e);
        }
    }
}
