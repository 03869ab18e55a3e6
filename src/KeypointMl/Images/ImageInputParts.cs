using KeypointMl.Inference;

namespace KeypointMl;

/// <summary>What an <see cref="ImageInput"/> is made of.</summary>
/// <param name="Columns">The columns, for messages.</param>
/// <param name="Source">The values of the image column.</param>
/// <param name="BoxSource">The values of the box column; null where whole images are looked at.</param>
/// <param name="Contract">The graph's image.</param>
/// <param name="Capacity">The number of slots.</param>
internal sealed record ImageInputParts(InputColumns Columns, ReadAheadColumn Source, ReadAheadVectors<float>? BoxSource, ModelContract Contract, int Capacity);
