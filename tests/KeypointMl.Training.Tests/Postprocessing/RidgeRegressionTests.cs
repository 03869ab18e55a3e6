using KeypointMl.Training.Postprocessing;
using static TorchSharp.torch;

namespace KeypointMl.Training.Tests;

[TestClass]
public sealed class RidgeRegressionTests
{
    [TestMethod]
    [DataRow(1e-6)]
    [DataRow(0.3)]
    public void Fit_equals_the_normal_equations_over_the_known_rows(double ridge)
    {
        const int rows = 30, inputs = 4, outputs = 3;
        var random = new Random(6);
        double[,] x = Numbers(rows, inputs);
        double[,] y = Numbers(rows, outputs);
        for (int row = 0; row < rows; row += 3)
            y[row, 1] = double.NaN;

        (Tensor weight, Tensor bias) = RidgeRegression.Fit(tensor(x), tensor(y), ridge);

        double[] weights = [.. weight.contiguous().data<double>()];
        double[] biases = [.. bias.contiguous().data<double>()];
        for (int output = 0; output < outputs; output++)
        {
            int[] known = [.. Enumerable.Range(0, rows).Where(row => double.IsFinite(y[row, output]))];
            double[] expected = Solve(x, [.. known.Select(row => y[row, output])], known, ridge);
            for (int input = 0; input < inputs; input++)
                Assert.AreEqual(expected[input], weights[output * inputs + input], 1e-10);
            Assert.AreEqual(expected[inputs], biases[output], 1e-10);
        }

        double[,] Numbers(int height, int width)
        {
            var values = new double[height, width];
            for (int i = 0; i < values.Length; i++)
                values[i / width, i % width] = random.NextDouble() * 2 - 1;
            return values;
        }
    }

    [TestMethod]
    public void Fit_output_that_is_known_once_is_refused()
    {
        Tensor y = full([5, 1], double.NaN, dtype: ScalarType.Float64);
        y[2, 0] = 1.0;
        Assert.Contains("known in 1 of 5 rows",
            Assert.ThrowsExactly<InvalidDataException>(() => RidgeRegression.Fit(randn(5, 2, dtype: ScalarType.Float64), y, 1)).Message);
    }

    /// <summary>The gradient of mean(y − w·x − b)² + λ‖w‖² set to zero: d+1 equations, solved by elimination.</summary>
    private static double[] Solve(double[,] x, double[] y, int[] rows, double ridge)
    {
        int d = x.GetLength(1);
        var system = new double[d + 1, d + 2];
        for (int i = 0; i <= d; i++)
        {
            for (int j = 0; j <= d; j++)
                system[i, j] = rows.Average(row => Column(row, i) * Column(row, j)) + (i == j && i < d ? ridge : 0);
            system[i, d + 1] = rows.Select((row, index) => Column(row, i) * y[index]).Average();
        }
        for (int pivot = 0; pivot <= d; pivot++)
        {
            for (int row = 0; row <= d; row++)
            {
                if (row == pivot)
                    continue;
                double factor = system[row, pivot] / system[pivot, pivot];
                for (int column = pivot; column <= d + 1; column++)
                    system[row, column] -= factor * system[pivot, column];
            }
        }
        return [.. Enumerable.Range(0, d + 1).Select(i => system[i, d + 1] / system[i, i])];

        double Column(int row, int i) => i == d ? 1 : x[row, i];
    }
}
