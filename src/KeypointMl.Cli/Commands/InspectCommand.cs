using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using KeypointMl.Cli.Printing;
using KeypointMl.Cli.Running;
using KeypointMl.Imaging.Files;
using KeypointMl.Inference.Contracts;
using KeypointMl.Onnx.Inspection;
using KeypointMl.Onnx.Model;

namespace KeypointMl.Cli.Commands;

/// <summary><c>inspect MODEL.onnx [--json]</c></summary>
internal sealed class InspectCommand
{
    private readonly OnnxModel model;
    private readonly OnnxSummary summary;
    private readonly ModelContract? contract;
    private readonly string? foreign;

    private InspectCommand(string path)
    {
        byte[] bytes = ModelFile.ReadAllBytes(path);
        try
        {
            model = OnnxModel.Load(bytes);
        }
        catch (OnnxException e)
        {
            throw new InvalidDataException($"'{path}' cannot be inspected: {e.Message}", e);
        }
        try
        {
            contract = ModelContract.Read(bytes, path);
        }
        catch (InvalidDataException e)
        {
            foreign = e.Message;
        }
        OnnxSummary all = OnnxInspector.Summarize(model);
        // What follows from the contract is said in a readable form.
        summary = all with
        {
            Metadata = all.Metadata.RemoveRange(all.Metadata.Keys.Where(key => key.StartsWith("keypointml.", StringComparison.Ordinal))),
        };
    }

    public static Command Create(CommandContext context)
    {
        var path = new Argument<string>("MODEL.onnx") { Description = "Any ONNX file." };
        var json = new Option<bool>("--json") { Description = "Prints one JSON object instead." };
        var command = new Command(
            "inspect",
            "Says what is in an ONNX file, without running it: kind, skeleton, inputs, outputs, operators, parameters, "
            + "multiply-adds, size, where it comes from. Fails where the file or its graph breaks the rules of ONNX.")
        {
            path, json,
        };
        command.SetAction((parsed, _) =>
        {
            var inspection = new InspectCommand(parsed.GetRequiredValue(path));
            if (parsed.GetValue(json))
                context.Out.WriteLine(inspection.ToJson().ToJsonString(JsonText.Indented));
            else
                inspection.Write(context.Out);
            // After the summary, which may show what went wrong.
            OnnxChecker.ThrowIfInvalid(inspection.model);
            return Task.FromResult(ExitCode.Done);
        });
        context.EndedAtOnce.Add(command);
        return command;
    }

    private void Write(TextWriter output)
    {
        if (contract is null)
        {
            Line("KeypointMl", $"no: {foreign}");
        }
        else
        {
            ModelMetadata metadata = contract.Metadata;
            Line("KeypointMl", $"{metadata.Kind.ToString().ToLowerInvariant()}, contract version "
                + $"{ModelMetadata.ContractVersion}, images of {contract.Width}×{contract.Height}");
            Line("skeleton", $"{metadata.Skeleton.Name}: {metadata.Skeleton.Count} keypoints, {metadata.Skeleton.Edges.Length} "
                + $"edges, {metadata.Skeleton.SymmetricPairs.Length} left/right pairs");
            Line("keypoints", string.Join(", ", metadata.Skeleton.Keypoints));
            foreach ((string name, string value) in JsonLines.Of(metadata.Provenance))
                Line("provenance", name.Length == 0 ? value : $"{name}: {value}");
        }
        output.Write(summary);

        // Everything but the words themselves comes out of the file.
        void Line(string what, string value) => output.WriteLine($"{what,-14}{PrintableText.Of(value)}");
    }

    private JsonObject ToJson() => new()
    {
        ["keypointml"] = contract is null
            ? null
            : new JsonObject
            {
                ["kind"] = contract.Metadata.Kind.ToString().ToLowerInvariant(),
                ["contract"] = ModelMetadata.ContractVersion,
                ["width"] = contract.Width,
                ["height"] = contract.Height,
                ["skeleton"] = JsonNode.Parse(contract.Metadata.Skeleton.ToJson()),
                ["provenance"] = JsonNode.Parse(contract.Metadata.Provenance),
            },
        ["foreign"] = foreign,
        ["graph"] = summary.GraphName,
        ["producer"] = summary.Producer,
        ["ir_version"] = summary.IrVersion,
        ["opset"] = summary.Opset,
        ["bytes"] = summary.SizeInBytes,
        ["inputs"] = Values(summary.Inputs),
        ["outputs"] = Values(summary.Outputs),
        ["operators"] = Table(summary.Operators.Select(pair => (pair.Key, (long)pair.Value))),
        ["parameters"] = summary.Parameters,
        ["stored_bytes"] = Table(summary.StoredBytes.Select(pair => (pair.Key.ToString(), pair.Value))),
        ["multiply_adds"] = summary.MultiplyAdds,
        ["uncounted"] = Texts(summary.Uncounted),
        ["metadata"] = new JsonObject(summary.Metadata.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
        ["problems"] = Texts(summary.Problems),
    };

    // Sizes that are open are their symbols, those that nothing is known of null, and so is a shape without a rank.
    private static JsonArray Values(ImmutableArray<OnnxValueInfo> values) =>
        [.. values.Select(value => new JsonObject
        {
            ["name"] = value.Name,
            ["type"] = value.ElementType.ToString(),
            ["shape"] = value.Dimensions.IsDefault
                ? null
                : new JsonArray([.. value.Dimensions.Select(size => size.Value is { } number ? number : (JsonNode?)size.Symbol)]),
        })];

    private static JsonObject Table(IEnumerable<(string Key, long Value)> rows) =>
        new(rows.Select(row => KeyValuePair.Create(row.Key, (JsonNode?)row.Value)));

    private static JsonArray Texts(ImmutableArray<string> texts) => [.. texts.Select(text => (JsonNode)text)];
}
