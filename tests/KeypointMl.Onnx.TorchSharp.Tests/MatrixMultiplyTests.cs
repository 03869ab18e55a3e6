using KeypointMl.Onnx.TorchSharp.Exporting;
using KeypointMl.Onnx.TorchSharp.Ops;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

/// <summary>Products that libtorch would end the process for are refused before it sees them.</summary>
[TestClass]
public sealed class MatrixMultiplyTests
{
    [TestMethod]
    [DynamicData(nameof(Misfits))]
    public void Matrices_that_do_not_fit_are_refused_before_libtorch_sees_them(Tensor left, Tensor right)
    {
        using var product = new MatrixMultiply("product");
        Assert.ThrowsExactly<ArgumentException>(() => product.call(left, right));
        Assert.ThrowsExactly<ArgumentException>(() => Functional.matmul(left, right));
    }

    public static IEnumerable<object[]> Misfits =>
    [
        [zeros(2, 3, 4, 4), zeros(2, 8, 4, 4)],
        [zeros(2, 3), zeros(2, 3)],
        [zeros(2, 3), zeros(2)],
        [zeros(3), zeros(2)],
        [zeros(3), tensor(1f)],
        [zeros(2, 3), zeros(3, 2, ScalarType.Float64)],
        [zeros(2, 3, ScalarType.Bool), zeros(3, 2, ScalarType.Bool)],
        [zeros(2, 3).to_sparse(), zeros(3, 2)],
        [zeros(2, 3), zeros(3, 2).to(META)],
    ];

    [TestMethod]
    [DataRow(new long[] { 3 }, new long[] { 3 })]
    [DataRow(new long[] { 2, 3 }, new long[] { 3 })]
    [DataRow(new long[] { 3 }, new long[] { 5, 3, 2 })]
    [DataRow(new long[] { 4, 1, 2, 3 }, new long[] { 5, 3, 2 })]
    public void Matrices_that_fit_are_multiplied(long[] left, long[] right)
    {
        manual_seed(73);
        (Tensor one, Tensor two) = (randn(left), randn(right));
        Assert.IsTrue(one.matmul(two).Equals(Functional.matmul(one, two)));
    }

    [TestMethod]
    public void Product_that_fits_at_the_size_of_the_example_alone_is_an_exception()
    {
        // The exporter runs the module at twice the batch, too.
        using nn.Module module = Around.Of(new MatrixMultiply("product"), 1, (product, x) => [product.call(x[0], x[0])]);
        Assert.ThrowsExactly<ArgumentException>(() => OnnxExporter.Export(module, randn(4, 4)));
    }
}
