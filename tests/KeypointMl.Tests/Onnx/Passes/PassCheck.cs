using System.Collections.Immutable;
using KeypointMl.Onnx.Evaluation;
using KeypointMl.Onnx.Inspection;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Passes;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Tests.Onnx.Passes;

/// <summary>
/// What every pass owes: the same inputs and outputs, the same numbers, a sound graph, and nothing left to do a second
/// time.
/// </summary>
internal static class PassCheck
{
    /// <summary>Applies a pass and checks all of that.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="model">The model, which is changed.</param>
    /// <param name="tolerance">The largest difference of an output.</param>
    /// <returns>How many places were changed.</returns>
    public static int Apply(IOnnxPass pass, OnnxModel model, double tolerance = 0)
    {
        ImmutableSortedDictionary<string, double[]> before = GraphRun.Outputs(model);
        (ImmutableArray<OnnxValueInfo> inputs, ImmutableArray<OnnxValueInfo> outputs) = (model.Inputs, model.Outputs);
        byte[] untouched = model.ToArray();

        int changes = pass.Apply(model);

        CollectionAssert.AreEqual(inputs, model.Inputs, "the inputs changed");
        CollectionAssert.AreEqual(outputs, model.Outputs, "the outputs changed");
        Assert.IsEmpty(OnnxChecker.Check(model));
        AssertSame(before, GraphRun.Outputs(model), tolerance);
        byte[] once = model.ToArray();
        if (changes == 0)
            CollectionAssert.AreEqual(untouched, once, "changed without saying so");
        Assert.AreEqual(0, pass.Apply(model), "a second application finds nothing");
        CollectionAssert.AreEqual(once, model.ToArray(), "a second application changes nothing");
        return changes;
    }

    /// <summary>The largest difference between two runs, over all outputs.</summary>
    public static double LargestDifference(
        ImmutableSortedDictionary<string, double[]> before, ImmutableSortedDictionary<string, double[]> after) =>
        before.Max(pair => pair.Value.Zip(after[pair.Key])
            .Select(values => Difference(values.First, values.Second)).DefaultIfEmpty().Max());

    /// <summary>Asserts that two runs gave the same numbers, which are not all zero.</summary>
    public static void AssertSame(
        ImmutableSortedDictionary<string, double[]> before, ImmutableSortedDictionary<string, double[]> after, double tolerance)
    {
        CollectionAssert.AreEqual(before.Keys.ToArray(), after.Keys.ToArray());
        foreach ((string name, double[] values) in before)
            Assert.HasCount(values.Length, after[name], name);
        Assert.IsTrue(before.Values.Any(values => values.Any(value => value != 0)), "the comparison must not be of zeros");
        Assert.IsLessThanOrEqualTo(tolerance, LargestDifference(before, after));
    }

    // Max passes over what is not a number.
    private static double Difference(double before, double after) => before.Equals(after) ? 0
        : Math.Abs(before - after) is var difference && double.IsNaN(difference) ? double.PositiveInfinity
        : difference;

    /// <summary>The operators of a model's nodes, in order.</summary>
    public static string Operators(OnnxModel model) => string.Join(' ', model.Nodes.Select(node => node.OpType));

    /// <summary>The elements of a stored tensor of 32-bit floats.</summary>
    public static float[] Floats(OnnxModel model, string name) => TensorData.Floats(Stored(model, name)).ToArray();

    /// <summary>The elements of a stored tensor of 64-bit integers.</summary>
    public static long[] Longs(OnnxModel model, string name) => TensorData.Longs(Stored(model, name)).ToArray();

    /// <summary>A stored tensor.</summary>
    public static TensorProto Stored(OnnxModel model, string name) => model.Proto.Graph.Initializer.Single(tensor => tensor.Name == name);
}
