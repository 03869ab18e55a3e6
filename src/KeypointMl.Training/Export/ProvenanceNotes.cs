using System.Text.Json.Nodes;

namespace KeypointMl.Training;

/// <summary>What an export adds to the provenance of its model.</summary>
internal sealed record ProvenanceNotes
{
    public ExportPrecision Precision { get; init; }

    public Parity Parity { get; init; } = new(0, 0, "", "");

    /// <summary>How 8-bit ranges were measured; null in floats.</summary>
    public JsonObject? Calibration { get; init; }

    /// <summary>How confidences were calibrated; null where they were not.</summary>
    public JsonObject? Confidence { get; init; }

    /// <summary>What the precision costs on labelled frames; null where it was not measured.</summary>
    public PrecisionCost? Cost { get; init; }
}
