namespace KeypointMl.Onnx.TorchSharp.Tracing.Guessing;

/// <summary>Activations of one number.</summary>
internal static class Activations
{
    public static double Relu(double x) => x < 0 ? 0 : x;

    public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    public static double Gelu(double x) => x * 0.5 * (1 + Erf(x / Math.Sqrt(2)));

    // The series converges for every number; beyond 5 it is 1 to the last digit that a comparison sees.
    private static double Erf(double x)
    {
        if (Math.Abs(x) > 5)
            return Math.Sign(x);
        double term = x;
        double sum = x;
        for (int n = 1; n < 120 && Math.Abs(term) > 1e-17; n++)
        {
            term *= -x * x / n;
            sum += term / ((2 * n) + 1);
        }
        return sum * 2 / Math.Sqrt(Math.PI);
    }
}
