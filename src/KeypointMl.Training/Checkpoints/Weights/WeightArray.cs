using System.Collections.Immutable;

namespace KeypointMl.Training;

/// <summary>An array of a weight file. Its numbers are read when they are asked for, so that those nobody asks for cost nothing.</summary>
/// <param name="Shape">The sizes, the outermost first.</param>
/// <param name="Read">Reads the numbers: float32, row-major.</param>
internal sealed record WeightArray(ImmutableArray<long> Shape, Func<float[]> Read)
{
    /// <summary>The shape for messages: <c>[64, 3, 3, 3]</c>.</summary>
    public string Description => $"[{string.Join(", ", Shape)}]";
}
