using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.TorchSharp.Exporting;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

/// <summary>A module or operation with options, exported at several opsets and compared with TorchSharp at several batch sizes.</summary>
/// <param name="Subject">The type that the case is about: a module with a converter, or an operation.</param>
/// <param name="Options">Its options in words.</param>
/// <param name="Create">Makes it, or a module around it.</param>
/// <param name="Inputs">What it takes.</param>
internal sealed record ParityCase(Type Subject, string Options, Func<nn.Module> Create, params ParityInput[] Inputs)
{
    private const int Seed = 7;

    /// <summary>The opsets that the exporter writes.</summary>
    public static IReadOnlyList<int> AllOpsets { get; } = [17, 18, 19, 20, 21];

    /// <summary>The size of the batch (or of another open axis) in the example, then the sizes compared.</summary>
    public IReadOnlyList<long> Sizes { get; init; } = [2, 1, 3];

    /// <summary>The largest difference allowed.</summary>
    public double Tolerance { get; init; } = Parity.Tolerance;

    /// <summary>The opsets compared.</summary>
    public IReadOnlyList<int> Opsets { get; init; } = AllOpsets;

    /// <summary>Other modules in the graph, whose operators are not the subject's.</summary>
    public IReadOnlySet<string> Others { get; init; } = new HashSet<string>();

    public override string ToString() => $"{Name(Subject)}: {Options}";

    /// <summary>A type's name as a reader knows it.</summary>
    public static string Name(Type type) => type.Name;

    /// <summary>Compares at every opset; an assertion fails if a difference is larger than the tolerance.</summary>
    /// <returns>The largest difference.</returns>
    public Difference Run()
    {
        using IDisposable scope = NewDisposeScope();
        using var alone = new OneThread();
        manual_seed(Seed);
        using nn.Module module = Create();
        Tensor[] example = Make(Sizes[0]);
        Tensor[][] fed = [.. (Axes.Length == 0 ? Sizes.Take(1) : Sizes.Skip(1)).Select(Make)];
        Tensor[][] wanted = [.. fed.Select(inputs => Reference.Of(module, [.. inputs.Select(input => input.clone())]))];
        var largest = default(Difference);
        foreach (int opset in Opsets)
        {
            using var session = new ModelSession(Export(module, example, opset));
            for (int index = 0; index < fed.Length; index++)
            {
                Difference difference = Difference.Between(wanted[index], session.Run(fed[index]), $"{this}, opset {opset}");
                Assert.IsLessThanOrEqualTo(Tolerance, difference.Relative, $"{this}, opset {opset}: largest difference");
                largest = largest.Or(difference);
            }
        }
        return largest;
    }

    /// <summary>The ONNX operators that the subject becomes at an opset.</summary>
    public IReadOnlyList<string> OperatorsAt(int opset)
    {
        using IDisposable scope = NewDisposeScope();
        using var alone = new OneThread();
        manual_seed(Seed);
        using nn.Module module = Create();
        // A module that does nothing leaves an Identity between the graph's input and output.
        return [.. Export(module, Make(Sizes[0]), opset).Nodes.Select(node => node.OpType).Distinct()
            .Where(type => type != "Identity" && !Others.Contains(type))];
    }

    private OnnxDynamicAxis[] Axes => [.. Inputs.SelectMany((input, index) => input.Axes(InputName(index)))];

    private OnnxModel Export(nn.Module module, Tensor[] example, int opset) =>
        OnnxExporter.Export(module, example, new OnnxExportOptions { Opset = opset, BatchAxis = null, DynamicAxes = [.. Axes] });

    private string InputName(int index) => Inputs.Length == 1 ? "input" : $"input{index}";

    private Tensor[] Make(long batch) => [.. Inputs.Select(input => input.Make(batch))];
}
