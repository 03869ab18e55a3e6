using KeypointMl.Onnx.TorchSharp.Converters;
using KeypointMl.Onnx.TorchSharp.Emitting;
using KeypointMl.Onnx.TorchSharp.Exporting;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

[TestClass]
public sealed class CoverageDocumentTests
{
    private static readonly Type[] Containers =
    [
        typeof(Sequential), typeof(ModuleList<>), typeof(ModuleDict<>), typeof(ParameterList), typeof(ParameterDict),
    ];

    [TestMethod]
    public void Cases_are_about_every_converter_and_every_operation_and_nothing_else()
    {
        IEnumerable<Type> operations = typeof(IOnnxExportable).Assembly.GetExportedTypes()
            .Where(type => !type.IsAbstract && type.IsAssignableTo(typeof(IOnnxExportable)) && type.IsAssignableTo(typeof(nn.Module)));
        string[] expected = [.. OnnxConverterRegistry.BuiltIn.ModuleTypes.Concat(operations).Select(type => type.FullName!)
            .Order(StringComparer.Ordinal)];
        string[] found = [.. CoverageCatalog.Families.SelectMany(family => family.Subjects).Select(type => type.FullName!)
            .Order(StringComparer.Ordinal)];
        CollectionAssert.AreEqual(expected, found,
            $"Missing: {string.Join(", ", expected.Except(found))}. Too many: {string.Join(", ", found.Except(expected))}.");
    }

    [TestMethod]
    public void Every_module_of_TorchSharp_has_a_converter_or_a_reason_why_not()
    {
        Type[] leaves = [.. typeof(Linear).Assembly.GetExportedTypes()
            .Where(type => type.Namespace == typeof(Linear).Namespace && !type.IsAbstract && type.IsAssignableTo(typeof(nn.Module)))
            .Except(Containers)];
        Type[] converted = [.. OnnxConverterRegistry.BuiltIn.ModuleTypes];
        Type[] refused = [.. OnnxConverterRegistry.WithoutCounterpart.Keys];
        Assert.IsGreaterThan(100, leaves.Length);
        Assert.IsEmpty(leaves.Except(converted).Except(refused), "neither");
        Assert.IsEmpty(converted.Intersect(refused), "both");
        Assert.IsEmpty(converted.Concat(refused).Except(leaves), "not of TorchSharp");
    }

    [TestMethod]
    public void Document_is_what_the_cases_say_and_its_differences_are_within_their_tolerances()
    {
        string path = RepositoryFiles.Path("docs/onnx-coverage.md");
        if (Environment.GetEnvironmentVariable(CoverageDocument.Variable) is { Length: > 0 })
            File.WriteAllText(path, CoverageDocument.Render(CoverageRow.Measure));

        string document = File.ReadAllText(path).ReplaceLineEndings("\n");

        IReadOnlyDictionary<string, CoverageRow> rows = CoverageDocument.Read(document);
        string again = CoverageDocument.Render((_, subject) => rows.GetValueOrDefault(subject.Name) ?? new CoverageRow("?", default));
        Assert.AreEqual(again, document, $"docs/onnx-coverage.md is out of date. Write it with: {CoverageDocument.Command}");
        foreach (CaseFamily family in CoverageCatalog.Families)
        {
            foreach (Type subject in family.Subjects)
            {
                Assert.IsLessThanOrEqualTo(
                    CoverageDocument.ToleranceOf(family, subject), rows[subject.Name].Difference.Relative, subject.Name);
            }
        }
    }

    [TestMethod]
    public void AdaptiveMaxPool3d_cannot_be_run_by_this_version_of_TorchSharp()
    {
        // When a later version runs it, it gets a converter.
        AdaptiveMaxPool3d pool = nn.AdaptiveMaxPool3d([1, 1, 1]);
        Assert.Throws<Exception>(() => pool.call(zeros([1, 1, 2, 2, 2])));
        pool.output_size = [1, 1, 1];
        Assert.Throws<Exception>(() => pool.call(zeros([1, 1, 2, 2, 2])));
    }

    [TestMethod]
    public void Loss_in_a_network_is_refused_with_the_reason()
    {
        using nn.Module module = Around.Of(nn.MSELoss(), 2, (loss, x) => [loss.call(x[0], x[1])]);
        OnnxExportException error =
            Assert.ThrowsExactly<OnnxExportException>(() => OnnxExporter.Export(module, [randn(2, 3), randn(2, 3)]));
        StringAssert.Contains(error.Message, "'inner' (MSELoss) has no converter to ONNX: it is a loss");
    }
}
