using KeypointMl.Onnx;
using KeypointMl.Onnx.TorchSharp;
using static TorchSharp.torch;

namespace KeypointMl.Training.Tests.Onnx;

/// <summary>A module or operation with options, exported at several opsets and compared with TorchSharp at several batch sizes.</summary>
/// <param name="Subject">The type that the case is about: a module with a converter, or an operation.</param>
/// <param name="Options">Its options in words.</param>
/// <param name="Create">Makes it, or a module around it.</param>
/// <param name="Inputs">What it takes.</param>
internal sealed record ParityCase(Type Subject, string Options, Func<nn.Module> Create, params ParityInput[] Inputs)
{
    /// <summary>The size of the batch (or of another open axis) in the example, then the sizes compared.</summary>
    public IReadOnlyList<long> Sizes { get; init; } = [2, 1, 3];

    /// <summary>The largest difference allowed.</summary>
    public double Tolerance { get; init; } = Parity.Tolerance;

    /// <summary>The opsets exported.</summary>
    public IReadOnlyList<int> Opsets { get; init; } = [17, 18, 19, 20, 21];

    /// <summary>Other modules in the graph, whose operators are not the subject's.</summary>
    public IReadOnlySet<string> Others { get; init; } = new HashSet<string>();

    public override string ToString() => $"{Name(Subject)}: {Options}";

    /// <summary>A type's name as a reader knows it.</summary>
    public static string Name(Type type) => type.Name;

    /// <summary>Runs the case; an assertion fails if the difference is larger than the tolerance.</summary>
    public ParityResult Run()
    {
        using IDisposable scope = NewDisposeScope();
        manual_seed(7);
        using nn.Module module = Create();
        string[] names = Inputs.Length == 1 ? ["input"] : [.. Inputs.Select((_, index) => $"input{index}")];
        OnnxDynamicAxis[] axes = [.. Inputs.SelectMany((input, index) => input.Axes(names[index]))];
        Tensor[] example = Make(Sizes[0]);
        Tensor[][] fed = [.. (axes.Length == 0 ? Sizes.Take(1) : Sizes.Skip(1)).Select(Make)];
        Tensor[][] wanted = [.. fed.Select(inputs => Parity.Evaluate(module, [.. inputs.Select(input => input.clone())]))];
        var operators = new Dictionary<int, IReadOnlySet<string>>();
        var largest = default(Difference);
        foreach (int opset in Opsets)
        {
            OnnxModel model = OnnxExporter.Export(module, example, new OnnxExportOptions { Opset = opset, BatchAxis = null, DynamicAxes = [.. axes] });
            operators[opset] = model.Nodes.Select(node => node.OpType).Where(type => type != "Identity" && !Others.Contains(type)).ToHashSet();
            using var session = new ModelSession(model);
            for (int index = 0; index < fed.Length; index++)
            {
                Difference difference = Difference.Between(wanted[index], session.Run(fed[index]), $"{this}, opset {opset}");
                Assert.IsLessThanOrEqualTo(Tolerance, difference.Relative, $"{this}, opset {opset}: largest difference");
                largest = largest.Or(difference);
            }
        }
        return new ParityResult(operators, largest);
    }

    private Tensor[] Make(long batch) => [.. Inputs.Select(input => input.Make(batch))];
}
