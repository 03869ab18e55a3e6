using System.CommandLine;
using KeypointMl.Cli.Printing;
using KeypointMl.Cli.Running;
using KeypointMl.Inference.Contracts;
using KeypointMl.Onnx;
using KeypointMl.Onnx.Inspection;
using KeypointMl.Onnx.Model;

namespace KeypointMl.Cli.Commands;

/// <summary><c>inspect MODEL.onnx</c></summary>
internal static class InspectCommand
{
    public static Command Create(CommandContext context)
    {
        var model = new Argument<string>("MODEL.onnx") { Description = "Any ONNX file." };
        var command = new Command(
            "inspect",
            "Says what is in an ONNX file, without running it: kind, skeleton, inputs, outputs, operators, parameters, "
            + "multiply-adds, size, where it comes from. Fails where the file or its graph breaks the rules of ONNX.")
        {
            model,
        };
        command.SetAction((parsed, _) => Task.FromResult(Run(parsed.GetRequiredValue(model), context.Out)));
        return command;
    }

    private static int Run(string path, TextWriter output)
    {
        byte[] bytes = ModelFile.ReadAllBytes(path);
        OnnxModel model = OnnxModel.Load(bytes);
        WriteContract(bytes, path, output);
        OnnxSummary summary = OnnxInspector.Summarize(model);
        // What follows from the contract is printed above in a readable form.
        output.Write(summary with
        {
            Metadata = summary.Metadata.RemoveRange(
                summary.Metadata.Keys.Where(key => key.StartsWith("keypointml.", StringComparison.Ordinal))),
        });
        // After the summary, which may show what went wrong.
        OnnxChecker.ThrowIfInvalid(model);
        return ExitCode.Done;
    }

    private static void WriteContract(byte[] bytes, string path, TextWriter output)
    {
        ModelContract contract;
        try
        {
            contract = ModelContract.Read(bytes, path);
        }
        catch (InvalidDataException e)
        {
            Line("KeypointMl", $"no: {e.Message}");
            return;
        }
        ModelMetadata metadata = contract.Metadata;
        Line("KeypointMl", $"{metadata.Kind.ToString().ToLowerInvariant()}, contract version "
            + $"{ModelMetadata.ContractVersion}, images of {contract.Width}×{contract.Height}");
        Line("skeleton", $"{metadata.Skeleton.Name}: {metadata.Skeleton.Count} keypoints, {metadata.Skeleton.Edges.Length} "
            + $"edges, {metadata.Skeleton.SymmetricPairs.Length} left/right pairs");
        Line("keypoints", string.Join(", ", metadata.Skeleton.Keypoints));
        foreach ((string name, string value) in JsonLines.Of(metadata.Provenance))
            Line("provenance", name.Length == 0 ? value : $"{name}: {value}");

        // Everything but the words themselves comes out of the file.
        void Line(string what, string value) => output.WriteLine($"{what,-14}{SafeText.Clean(value)}");
    }
}
