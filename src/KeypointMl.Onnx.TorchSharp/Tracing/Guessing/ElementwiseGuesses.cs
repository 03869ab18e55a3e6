using KeypointMl.Onnx.TorchSharp.Emitting;
using KeypointMl.Onnx.TorchSharp.Ops;
using static KeypointMl.Onnx.TorchSharp.Tracing.Guessing.Activations;

namespace KeypointMl.Onnx.TorchSharp.Tracing.Guessing;

/// <summary>Functions of every element, and softmax.</summary>
internal static class ElementwiseGuesses
{
    private const string NoModule = "Elementwise, or a module that implements " + nameof(IOnnxExportable);

    // With fewer different values, a sum or a product with a number fits any other operation as well.
    private const int ValuesOfAnOperationWithANumber = 4;

    private static readonly (string Operation, string Use, Func<double, double> Apply)[] Functions =
    [
        ("torch.relu", "ReLU or Functional.relu", Relu),
        ("torch.sigmoid", "Sigmoid or Functional.sigmoid", Sigmoid),
        ("torch.tanh", "Tanh or Functional.tanh", Math.Tanh),
        ("torch.nn.functional.silu", "SiLU or Functional.silu", x => x * Sigmoid(x)),
        ("torch.nn.functional.gelu", "GELU or Functional.gelu", Gelu),
        ("torch.nn.functional.leaky_relu", "LeakyReLU or Functional.leaky_relu", x => x < 0 ? 0.01 * x : x),
        ("torch.exp", NoModule, Math.Exp),
        ("torch.log", NoModule, Math.Log),
        ("torch.sqrt", NoModule, Math.Sqrt),
        ("torch.square", nameof(Multiply), x => x * x),
        ("torch.abs", NoModule, Math.Abs),
        ("torch.neg", nameof(Affine), x => -x),
    ];

    public static IEnumerable<Guess> About(KnownTensor x, KnownTensor wanted)
    {
        if (!x.IsFloatingPoint || !x.Shape.AsSpan().SequenceEqual(wanted.Shape))
            yield break;
        foreach ((string operation, string use, Func<double, double> apply) in Functions)
            yield return new Guess($"{operation} of {{0}}", use, [x], values => index => apply(values[0][index]));
        if (HasManyValues(wanted))
        {
            double sum = wanted.Values[0] - x.Values[0];
            yield return new Guess("{0} with a number added", nameof(Affine), [x], values => index => values[0][index] + sum);
            int first = Array.FindIndex(x.Values, value => value != 0);
            double product = first < 0 ? 0 : wanted.Values[first] / x.Values[first];
            if (product != 0 && double.IsFinite(product))
                yield return new Guess("{0} multiplied by a number", nameof(Affine), [x], values => index => values[0][index] * product);
        }
        for (int dim = 0; dim < x.Shape.Length; dim++)
        {
            int axis = dim;
            yield return new Guess(
                $"torch.softmax of {{0}} over dimension {axis}", "Softmax or Functional.softmax", [x],
                values => Softmax(values[0], x.Shape, axis, logarithm: false));
            yield return new Guess(
                $"torch.log_softmax of {{0}} over dimension {axis}", "LogSoftmax or Functional.log_softmax", [x],
                values => Softmax(values[0], x.Shape, axis, logarithm: true));
        }
    }

    private static bool HasManyValues(KnownTensor wanted) =>
        wanted.Values.Distinct().Take(ValuesOfAnOperationWithANumber).Count() == ValuesOfAnOperationWithANumber;

    private static Func<int, double> Softmax(double[] values, long[] shape, int axis, bool logarithm)
    {
        int step = (int)Strided.Steps(shape)[axis];
        int length = (int)shape[axis];
        return index =>
        {
            int start = index - (index / step % length * step);
            double largest = double.NegativeInfinity;
            for (int place = 0; place < length; place++)
                largest = Math.Max(largest, values[start + (place * step)]);
            double sum = 0;
            for (int place = 0; place < length; place++)
                sum += Math.Exp(values[start + (place * step)] - largest);
            double log = values[index] - largest - Math.Log(sum);
            return logarithm ? log : Math.Exp(log);
        };
    }
}
