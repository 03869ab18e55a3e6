using KeypointMl.Data;

namespace KeypointMl.Scoring;

/// <summary>A row with the whole frame that it is of.</summary>
/// <param name="Row">The row.</param>
/// <param name="Picture">The frame; null where nobody wants it or it could not be read.</param>
internal readonly record struct ScoredRow(PredictionRow Row, RgbImage? Picture);
