using System.Text.RegularExpressions;
using KeypointMl.Onnx.TorchSharp.Emitting;
using KeypointMl.Onnx.TorchSharp.Exporting;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

/// <summary>Options that are refused because no graph could compute the same.</summary>
/// <param name="Subject">The type that refuses.</param>
/// <param name="Options">The options in words.</param>
/// <param name="Create">Makes the module.</param>
/// <param name="Inputs">What it takes; −1 in a shape is open at run time.</param>
internal sealed partial record Refusal(Type Subject, string Options, Func<nn.Module> Create, params ParityInput[] Inputs)
{
    public override string ToString() => $"{ParityCase.Name(Subject)}: {Options}";

    /// <summary>Exports, which must be refused.</summary>
    /// <returns>What the exception says behind the module's path and type, which it must begin with.</returns>
    public string Message()
    {
        using IDisposable scope = NewDisposeScope();
        using nn.Module module = Create();
        string[] names = Inputs.Length == 1 ? ["input"] : [.. Inputs.Select((_, index) => $"input{index}")];
        var options = new OnnxExportOptions
        {
            BatchAxis = null,
            DynamicAxes = [.. Inputs.SelectMany((input, index) => input.Axes(names[index]))],
        };
        OnnxExportException error =
            Assert.ThrowsExactly<OnnxExportException>(
                () => OnnxExporter.Export(module, [.. Inputs.Select(input => input.Make(2))], options), ToString());
        Match match = Located().Match(error.Message);
        Assert.IsTrue(match.Success, error.Message);
        Assert.AreEqual(ParityCase.Name(Subject), match.Groups["type"].Value, error.Message);
        return match.Groups["what"].Value;
    }

    [GeneratedRegex(@"^(The exported module|Module '[^']+') \((?<type>\w+)\): (?<what>.+)$")]
    private static partial Regex Located();
}
