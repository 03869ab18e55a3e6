using KeypointMl.Onnx.Model;

namespace KeypointMl.Tests.Onnx;

/// <summary>Models whose tests do not care what rank the output has, which a graph must state.</summary>
internal static class AnyRank
{
    private const int Highest = 6;

    /// <summary>Builds a model with an output of open sizes, of the lowest rank that the checker does not contradict.</summary>
    /// <param name="build">Builds it with an output of the given sizes.</param>
    public static OnnxModel Build(Func<OnnxDimension[], OnnxModel> build)
    {
        for (int rank = 0; ; rank++)
        {
            try
            {
                return build([.. Enumerable.Repeat(OnnxDimension.Unknown, rank)]);
            }
            catch (OnnxException) when (rank < Highest)
            {
                // Another rank, then; the last attempt's complaint is the test's.
            }
        }
    }
}
