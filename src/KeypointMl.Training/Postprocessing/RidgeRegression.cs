using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Postprocessing;

/// <summary>
/// Ridge regression with a free intercept: min mean‖y − W·x − b‖² + λ‖W‖², every output over the rows in which it is
/// known.
/// </summary>
internal static class RidgeRegression
{
    /// <summary>Solves the normal equations in float64.</summary>
    /// <param name="x">[n,d] float64.</param>
    /// <param name="y">[n,m] float64; NaN where not known.</param>
    /// <param name="ridge">λ, greater than zero.</param>
    /// <returns>W [m,d] and b [m].</returns>
    /// <exception cref="InvalidDataException">An output is known in fewer than two rows.</exception>
    public static (Tensor Weight, Tensor Bias) Fit(Tensor x, Tensor y, double ridge)
    {
        long outputs = y.shape[1];
        Tensor weight = zeros(outputs, x.shape[1], dtype: ScalarType.Float64, device: x.device);
        Tensor bias = zeros(outputs, dtype: ScalarType.Float64, device: x.device);
        bool[] known = DeviceReads.Booleans(y.isfinite().t());
        int rows = (int)x.shape[0];
        // Outputs that are known in the same rows share one system.
        foreach (IGrouping<string, int> group in Enumerable.Range(0, (int)outputs)
            .GroupBy(output => string.Concat(known.AsSpan(output * rows, rows).ToArray().Select(here => here ? '1' : '0'))))
        {
            long[] used = [.. Enumerable.Range(0, rows).Where(row => group.Key[row] == '1')];
            if (used.Length < 2)
            {
                throw new InvalidDataException(
                    $"Output {group.First()} of the regression is known in {used.Length} of {rows} rows; at least 2 are needed.");
            }
            using var scope = NewDisposeScope();
            Tensor index = tensor(used, device: x.device);
            Tensor columns = tensor(group.Select(output => (long)output).ToArray(), device: x.device);
            Tensor from = x.index_select(0, index);
            Tensor to = y.index_select(0, index).index_select(1, columns);
            Tensor fromMean = from.mean([0L], keepdim: true);
            Tensor toMean = to.mean([0L], keepdim: true);
            Tensor centred = from - fromMean;
            Tensor gram = matmul(centred.t(), centred) / used.Length + eye(x.shape[1], dtype: ScalarType.Float64, device: x.device) * ridge;
            Tensor solution = linalg.solve(gram, matmul(centred.t(), to - toMean) / used.Length).t();   // [columns,d]
            weight.index_copy_(0, columns, solution);
            bias.index_copy_(0, columns, (toMean - matmul(fromMean, solution.t())).reshape(-1));
        }
        return (weight, bias);
    }
}
