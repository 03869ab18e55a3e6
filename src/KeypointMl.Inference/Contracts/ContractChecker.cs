using System.Collections.Immutable;
using KeypointMl.Onnx.Model;

namespace KeypointMl.Inference.Contracts;

/// <summary>The checks behind <see cref="ModelContract"/>.</summary>
internal static class ContractChecker
{
    public static ModelContract Check(OnnxModel model, string modelName)
    {
        // Metadata first: a graph of somebody else's is told that it is not ours, not that its input is misnamed.
        var metadata = ModelMetadata.Parse(model.Metadata, modelName);
        var checker = new GraphChecker(model, modelName);
        if (model.Opset < ModelContract.MinimumOpset)
            throw checker.Broken($"it uses opset {model.Opset}; expected {ModelContract.MinimumOpset} or later");
        return metadata.Kind == ModelKind.Detector ? CheckDetector(checker, metadata) : CheckGenerator(checker, metadata, modelName);
    }

    private static ModelContract CheckDetector(GraphChecker checker, ModelMetadata metadata)
    {
        checker.HasInputs("image");
        (long height, long width) = checker.Image(checker.Input("image"), "input 'image'");
        checker.Shaped(checker.Output("keypoints"), "output 'keypoints'", OnnxElementType.Float, "[N,K,2]", metadata.Skeleton.Count, 2);
        checker.Shaped(checker.Output("confidence"), "output 'confidence'", OnnxElementType.Float, "[N,K]", metadata.Skeleton.Count);
        OnnxValueInfo? skeleton = checker.OptionalOutput("skeleton");
        if (skeleton is not null)
            checker.Shaped(skeleton, "output 'skeleton'", OnnxElementType.Float, "[N,H,W]", height, width);
        return new ModelContract(metadata, (int)width, (int)height, skeleton is not null);
    }

    private static ModelContract CheckGenerator(GraphChecker checker, ModelMetadata metadata, string modelName)
    {
        _ = GeneratorRenderer.Find(metadata, $"'{modelName}'");
        checker.HasInputs("keypoints", "appearance");
        checker.Shaped(checker.Input("keypoints"), "input 'keypoints'", OnnxElementType.Float, "[N,K,2]", metadata.Skeleton.Count, 2);
        (long height, long width) = checker.Image(checker.Input("appearance"), "input 'appearance'");
        checker.Shaped(checker.Output("image"), "output 'image'", OnnxElementType.UInt8, "[N,H,W,3]", height, width, 3);
        return new ModelContract(metadata, (int)width, (int)height, hasSkeletonOutput: false);
    }

    /// <summary>The questions that both kinds of graph are asked.</summary>
    private sealed class GraphChecker(OnnxModel model, string modelName)
    {
        public InvalidDataException Broken(string fault) =>
            new($"'{modelName}' breaks the KeypointMl model contract: {fault}. Export the model again.");

        public void HasInputs(params ImmutableArray<string> names)
        {
            if (!model.Inputs.Select(input => input.Name).Order().SequenceEqual(names.Order()))
                throw Broken($"its inputs are {List(model.Inputs)}; expected {string.Join(", ", names.Select(name => $"'{name}'"))}");
        }

        public OnnxValueInfo Input(string name) => model.Inputs.Single(input => input.Name == name);

        public OnnxValueInfo? OptionalOutput(string name) => model.Outputs.SingleOrDefault(output => output.Name == name);

        public OnnxValueInfo Output(string name) =>
            OptionalOutput(name) ?? throw Broken($"it has no output '{name}' (its outputs are {List(model.Outputs)})");

        public (long Height, long Width) Image(OnnxValueInfo tensor, string where)
        {
            const string Expected = "uint8 [N,H,W,3] with a dynamic N and fixed H and W";
            if (tensor.ElementType != OnnxElementType.UInt8 || tensor.Dimensions is not { IsDefault: false, Length: 4 } dims
                || dims[0].IsFixed || dims[1].Value is not { } height || dims[2].Value is not { } width || dims[3].Value != 3)
            {
                throw Broken($"{where} is {Describe(tensor)}; expected {Expected}");
            }
            foreach (long size in (ReadOnlySpan<long>)[height, width])
            {
                if (size is < ModelContract.MinimumSize or > ModelContract.MaximumSize)
                {
                    throw Broken($"{where} is {Describe(tensor)}; H and W must be {ModelContract.MinimumSize} to "
                        + $"{ModelContract.MaximumSize}");
                }
            }
            return (height, width);
        }

        public void Shaped(
            OnnxValueInfo tensor, string where, OnnxElementType type, string letters, params ReadOnlySpan<long> fixedDimensions)
        {
            bool fits = tensor.ElementType == type && !tensor.Dimensions.IsDefault
                && tensor.Dimensions.Length == fixedDimensions.Length + 1 && !tensor.Dimensions[0].IsFixed;
            for (int i = 0; fits && i < fixedDimensions.Length; i++)
                fits = tensor.Dimensions[i + 1].Value == fixedDimensions[i];
            if (!fits)
            {
                throw Broken($"{where} is {Describe(tensor)}; "
                    + $"expected {TypeName(type)} {letters} = [N,{string.Join(',', fixedDimensions.ToArray())}] with a "
                    + "dynamic N (K is the number of the skeleton's keypoints)");
            }
        }

        private static string List(IEnumerable<OnnxValueInfo> tensors) =>
            string.Join(", ", tensors.Select(t => $"'{t.Name}'")) is { Length: > 0 } text ? text : "none";

        private static string Describe(OnnxValueInfo tensor) =>
            $"{TypeName(tensor.ElementType)} "
            + $"{(tensor.Dimensions.IsDefault ? "of unknown shape" : $"[{string.Join(',', tensor.Dimensions)}]")}";

        private static string TypeName(OnnxElementType type) => type == OnnxElementType.Float
            ? "float32"
            : type.ToString().ToLowerInvariant();
    }
}
