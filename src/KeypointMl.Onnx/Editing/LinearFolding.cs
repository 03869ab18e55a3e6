using System.Runtime.InteropServices;
using KeypointMl.Onnx.Evaluation;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.Protobuf;
using KeypointMl.Onnx.Shapes;

namespace KeypointMl.Onnx.Editing;

/// <summary>
/// Moves a per-channel v·s + t from in front of or behind a layer into its weights and bias. Sums and products are
/// computed in 64-bit floats and rounded once; each weight is written once into a new buffer.
/// </summary>
internal static class LinearFolding
{
    /// <summary>
    /// Whether the weights and the bias (if any) of a Conv, ConvTranspose or Gemm are constant 32-bit floats that fit
    /// each other, the weights read by nothing else, so that they can be rewritten.
    /// </summary>
    public static bool CanRewrite(GraphEdits edits, NodeProto layer) =>
        OutputChannels(edits, layer) is { } channels && edits.SoleReader(layer.Input[1]) is not null
        && (!HasBias(layer)
            || (edits.FloatConstant(layer, 2) is { Dims: [.., var last] } bias && TensorData.Count(bias) == channels && last == channels));

    /// <summary>
    /// How many channels a Conv, ConvTranspose or Gemm gives; null for another node, or if its weights are not constant
    /// 32-bit floats of a shape that the operator allows.
    /// </summary>
    public static long? OutputChannels(GraphEdits edits, NodeProto layer)
    {
        if (!GraphEdits.IsStandard(layer) || edits.FloatConstant(layer, 1) is not { } weight || TensorData.Count(weight) == 0)
            return null;
        long group = NodeAttributes.Int(layer, "group", 1);
        return layer.OpType switch
        {
            "Conv" when weight.Dims.Count > 2 && group > 0 && weight.Dims[0] % group == 0 => weight.Dims[0],
            "ConvTranspose" when weight.Dims.Count > 2 && group > 0 && weight.Dims[0] % group == 0 => weight.Dims[1] * group,
            "Gemm" when weight.Dims.Count == 2 => weight.Dims[NodeAttributes.Int(layer, "transB", 0) == 0 ? 1 : 0],
            _ => null,
        };
    }

    /// <summary>How many channels a Conv for which <see cref="CanRewrite"/> holds takes.</summary>
    public static long InputChannels(
        GraphEdits edits, NodeProto convolution) => edits.Constant(convolution, 1)!.Dims[1] * NodeAttributes.Int(convolution, "group", 1);

    /// <summary>Whether a layer has a bias.</summary>
    public static bool HasBias(NodeProto layer) => layer.Input.Count > 2 && layer.Input[2].Length > 0;

    /// <summary>Lets a layer give y·s + t for its y.</summary>
    /// <param name="edits">The graph.</param>
    /// <param name="layer">A Conv or ConvTranspose, or a Gemm whose bias is [M], for which <see cref="CanRewrite"/> holds.</param>
    /// <param name="scale">s for each of the M output channels.</param>
    /// <param name="shift">t for each of the M output channels.</param>
    public static void ScaleOutputs(GraphEdits edits, NodeProto layer, double[] scale, double[] shift)
    {
        Func<int, int, int> channelOf = OutputChannelOf(edits, layer);
        ScaleWeights(edits, layer.Input[1], (first, second) => scale[channelOf(first, second)]);
        float[] bias = HasBias(layer) ? TensorData.Floats(edits.Constant(layer, 2)!).ToArray() : new float[scale.Length];
        for (int channel = 0; channel < bias.Length; channel++)
            bias[channel] = (float)((bias[channel] * scale[channel]) + shift[channel]);
        SetBias(edits, layer, bias);
    }

    /// <summary>Lets a convolution that adds no padding, or one for which every t is 0, take v in place of v·s + t.</summary>
    /// <param name="edits">The graph.</param>
    /// <param name="convolution">A Conv for which <see cref="CanRewrite"/> holds.</param>
    /// <param name="scale">s for each of the C input channels.</param>
    /// <param name="shift">t for each of the C input channels.</param>
    public static void AbsorbInput(GraphEdits edits, NodeProto convolution, double[] scale, double[] shift)
    {
        TensorProto weight = edits.Constant(convolution, 1)!;
        (int outputs, int inputs) = ((int)weight.Dims[0], (int)weight.Dims[1]);
        int perGroup = outputs / (scale.Length / inputs);
        if (shift.Any(value => value != 0))
        {
            float[] bias = HasBias(convolution) ? TensorData.Floats(edits.Constant(convolution, 2)!).ToArray() : new float[outputs];
            ReadOnlySpan<float> weights = TensorData.Floats(weight);
            int block = weights.Length / (outputs * inputs);
            for (int output = 0; output < outputs; output++)
            {
                double sum = bias[output];
                for (int input = 0; input < inputs; input++)
                    sum += shift[(output / perGroup * inputs) + input] * Sum(weights.Slice(((output * inputs) + input) * block, block));
                bias[output] = (float)sum;
            }
            SetBias(edits, convolution, bias);
        }
        ScaleWeights(edits, convolution.Input[1], (output, input) => scale[(output / perGroup * inputs) + input]);
    }

    /// <summary>
    /// Lets a convolution of one group take other channels: channel j as before is channel
    /// <paramref name="channels"/>[j] of the new input.
    /// </summary>
    /// <param name="edits">The graph.</param>
    /// <param name="convolution">A Conv for which <see cref="CanRewrite"/> holds.</param>
    /// <param name="channels">
    /// For each of the C channels as before, its channel of the new input; a channel may serve several times or not at
    /// all.
    /// </param>
    /// <param name="count">How many channels the new input has.</param>
    public static void TakeInputsFrom(GraphEdits edits, NodeProto convolution, int[] channels, int count)
    {
        TensorProto weight = edits.Constant(convolution, 1)!;
        ReadOnlySpan<float> old = TensorData.Floats(weight);
        int outputs = (int)weight.Dims[0];
        int block = old.Length / (outputs * channels.Length);
        var bytes = new byte[outputs * count * block * sizeof(float)];
        Span<float> reordered = MemoryMarshal.Cast<byte, float>(bytes.AsSpan());
        for (int output = 0; output < outputs; output++)
        {
            for (int channel = 0; channel < channels.Length; channel++)
            {
                Span<float> target = reordered.Slice(((output * count) + channels[channel]) * block, block);
                ReadOnlySpan<float> source = old.Slice(((output * channels.Length) + channel) * block, block);
                for (int index = 0; index < block; index++)
                    target[index] += source[index];
            }
        }
        edits.Replace(TensorData.Wrap(weight.Name, OnnxElementType.Float, bytes, [weight.Dims[0], count, .. weight.Dims.Skip(2)]));
    }

    /// <summary>Multiplies a stored tensor [A,B,…] by a factor for each (a, b).</summary>
    public static void ScaleWeights(GraphEdits edits, string name, Func<int, int, double> factor)
    {
        TensorProto weight = edits.Constant(name)!;
        ReadOnlySpan<float> old = TensorData.Floats(weight);
        byte[] bytes = GC.AllocateUninitializedArray<byte>(old.Length * sizeof(float));
        Span<float> scaled = MemoryMarshal.Cast<byte, float>(bytes.AsSpan());
        int block = (int)weight.Dims.Skip(2).Aggregate(1L, (product, size) => product * size);
        int at = 0;
        for (int first = 0; first < weight.Dims[0]; first++)
        {
            for (int second = 0; second < weight.Dims[1]; second++)
            {
                double by = factor(first, second);
                for (int end = at + block; at < end; at++)
                    scaled[at] = (float)(old[at] * by);
            }
        }
        edits.Replace(TensorData.Wrap(name, OnnxElementType.Float, bytes, weight.Dims));
    }

    // Conv keeps its weights as [M, C/group, …], ConvTranspose as [C, M/group, …], Gemm as [K, M] or, transposed, [M, K].
    private static Func<int, int, int> OutputChannelOf(GraphEdits edits, NodeProto layer)
    {
        TensorProto weight = edits.Constant(layer, 1)!;
        (int first, int second) = ((int)weight.Dims[0], (int)weight.Dims[1]);
        int inputsPerGroup = first / (int)NodeAttributes.Int(layer, "group", 1);
        return layer.OpType switch
        {
            "Conv" => (output, _) => output,
            "ConvTranspose" => (input, output) => (input / inputsPerGroup * second) + output,
            _ when NodeAttributes.Int(layer, "transB", 0) == 0 => (_, output) => output,
            _ => (output, _) => output,
        };
    }

    private static double Sum(ReadOnlySpan<float> values)
    {
        double sum = 0;
        foreach (float value in values)
            sum += value;
        return sum;
    }

    // A bias that serves other layers too must stay as it is for them.
    private static void SetBias(GraphEdits edits, NodeProto layer, float[] bias)
    {
        if (HasBias(layer) && edits.SoleReader(layer.Input[2]) is not null)
        {
            edits.Replace(TensorData.Create<float>(layer.Input[2], bias, bias.Length));
            return;
        }
        string name = edits.UniqueName(layer.Input[1] + ".folded_bias");
        edits.Store(TensorData.Create<float>(name, bias, bias.Length));
        edits.SetInput(layer, 2, name);
    }
}

/// <summary>How a Conv pads.</summary>
internal static class ConvolutionPadding
{
    /// <summary>Whether it may add zeros around its input.</summary>
    public static bool MayPad(NodeProto convolution) => Explicit(convolution) is not { } pads || pads.Any(pad => pad != 0);

    /// <summary>
    /// The zeros it adds at the beginning and the end of each spatial axis (all beginnings first; empty means none);
    /// null where they follow from the size of the input (<c>auto_pad</c>).
    /// </summary>
    public static long[]? Explicit(NodeProto convolution) => NodeAttributes.Text(convolution, "auto_pad", "NOTSET") switch
    {
        "NOTSET" => NodeAttributes.Ints(convolution, "pads") ?? [],
        "VALID" => [],
        _ => null,
    };
}
