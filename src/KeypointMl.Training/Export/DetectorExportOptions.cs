using KeypointMl.Data;

namespace KeypointMl.Training;

/// <summary>How <see cref="ModelExporter.ExportDetector"/> writes a detector.</summary>
public sealed record DetectorExportOptions
{
    /// <summary>Append the run's supervised post-processing (<c>postprocessing.safetensors</c>) to the graph; for imm, whose landmarks are no keypoints, it always is. Default: false.</summary>
    public bool Postprocess { get; init; }

    /// <summary>The arithmetic of the graph. Default: <see cref="ExportPrecision.Float32"/>.</summary>
    public ExportPrecision Precision { get; init; }

    /// <summary>How many training frames ranges of 8-bit integers are measured on, spread evenly, or all where there are fewer; at least 1. Default: 256.</summary>
    public int CalibrationFrames { get; init; } = 256;

    /// <summary>
    /// Labelled test frames of the run's size, to measure what a precision below 32 bits costs; null (the default) leaves that out. They are measured on once the graph is final, and decide
    /// nothing.
    /// </summary>
    public LabelledFrames? Test { get; init; }
}
