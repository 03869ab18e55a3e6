using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.TorchSharp.Exporting;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

/// <summary>Exports a module and compares TorchSharp with ONNX Runtime on fresh inputs of several batch sizes.</summary>
internal static class Parity
{
    /// <summary>
    /// |a − b| ≤ Tolerance · max(1, |a|): 32-bit sums of the sizes tested here, added in another order, differ by about
    /// 1e-6.
    /// </summary>
    public const double Tolerance = 1e-5;

    /// <summary>Exports with a batch of 2, and compares at batches of 1, 2 and 5.</summary>
    /// <param name="module">The module.</param>
    /// <param name="shapes">The inputs' shapes without the batch.</param>
    /// <returns>The exported model.</returns>
    public static OnnxModel Check(nn.Module module, params long[][] shapes) => Check(module, new OnnxExportOptions(), Tolerance, shapes);

    /// <summary>Exports with a batch of 2, and compares at batches of 1, 2 and 5.</summary>
    public static OnnxModel Check(nn.Module module, OnnxExportOptions options, double tolerance, params long[][] shapes)
    {
        using var alone = new OneThread();
        OnnxModel model = OnnxExporter.Export(module, Inputs(2, shapes), options);
        OfficialChecker.AssertAgrees(model);
        using var session = new ModelSession(model);
        foreach (long batch in (long[])[1, 2, 5])
            Compare(module, session, Inputs(batch, shapes), tolerance, $"batch {batch}");
        return model;
    }

    /// <summary>Compares a module in evaluation mode with its model on given inputs.</summary>
    public static void Compare(nn.Module module, OnnxModel model, Tensor[] inputs, double tolerance = Tolerance)
    {
        using var session = new ModelSession(model);
        Compare(module, session, inputs, tolerance, "given inputs");
    }

    private static Tensor[] Inputs(long batch, long[][] shapes) => [.. shapes.Select(shape => randn([batch, .. shape]))];

    private static void Compare(nn.Module module, ModelSession session, Tensor[] inputs, double tolerance, string what)
    {
        Difference difference = Difference.Between(Reference.Of(module, inputs), session.Run(inputs), what);
        Assert.IsLessThanOrEqualTo(tolerance, difference.Relative, $"{what}: largest difference");
    }
}
