namespace KeypointMl.Training;

/// <summary>One written ONNX file and how it was checked.</summary>
/// <param name="Path">The file.</param>
/// <param name="LargestDifference">Largest difference between TorchSharp and ONNX Runtime on the checked frames: pixels for the detector, grey levels (of 255) for the generator.</param>
/// <param name="CheckedFrames">How many frames were compared.</param>
/// <param name="CheckedOn">Which frames.</param>
public sealed record ExportedModel(string Path, double LargestDifference, int CheckedFrames, string CheckedOn)
{
    /// <summary>What a precision below 32 bits costs on test frames; null where it was not measured.</summary>
    public PrecisionCost? Cost { get; init; }
}
