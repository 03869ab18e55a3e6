using KeypointMl.Onnx.TorchSharp.Emitting;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Ops;

/// <summary>
/// Adds a table of vectors to a sequence, the first vector to the first element and so on: positional embeddings,
/// learned (as a parameter) or fixed. The sequence may be shorter than the table, and its length open at run time.
/// ONNX: Add, behind Shape and Slice where the table is longer or the length open.
/// </summary>
public sealed class AddPositions : nn.Module<Tensor, Tensor>, IOnnxExportable
{
    private readonly bool isLearned;

    /// <summary>With a table, which is registered under the name <c>table</c>.</summary>
    /// <param name="name">The module's name.</param>
    /// <param name="table">[longest sequence, features]; a parameter to learn it.</param>
    public AddPositions(string name, Tensor table)
        : base(name)
    {
        isLearned = table is Parameter;
        if (table is Parameter parameter)
            register_parameter("table", parameter);
        else
            register_buffer("table", table);
    }

    /// <inheritdoc/>
    /// <remarks>The input is [N,T,features].</remarks>
    public override Tensor forward(Tensor input) => input + Table.slice(0, 0, input.shape[1], 1);

    /// <inheritdoc/>
    public IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs)
    {
        string table = context.Parameter("table", Table);
        if (context.InputDimensions(0)[1].Value != Table.shape[0])
        {
            string length = context.Node("Shape", [inputs[0]], ("end", 2), ("start", 1));
            table = context.Node("Slice", [table, context.Constant("starts", [0L]), length]);
        }
        return [context.Node("Add", [inputs[0], table])];
    }

    private Tensor Table => isLearned ? get_parameter("table")! : get_buffer("table")!;
}
