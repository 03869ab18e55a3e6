using KeypointMl.Data.Formats.Mat;

namespace KeypointMl.Training.Checkpoints.Weights;

/// <summary>
/// The convolutions of a MatConvNet network (<c>imagenet-vgg-verydeep-19.mat</c>): the cell array <c>layers</c>, whose
/// structs have <c>name</c> and either <c>weights</c>, a cell of kernel and bias, or, in older files, <c>filters</c>
/// and <c>biases</c>. A kernel is stored as [height, width, input, output], column by column.
/// </summary>
internal static class MatConvNetFile
{
    private const string Layers = "layers";

    /// <summary>The arrays as <c>&lt;layer&gt;.weight</c> [output, input, height, width] and <c>&lt;layer&gt;.bias</c> [output].</summary>
    /// <exception cref="InvalidDataException">It is no MATLAB file, or not of MatConvNet.</exception>
    public static IReadOnlyDictionary<string, WeightArray> Open(string path)
    {
        MatFile file = MatFile.Read(path, only: new HashSet<string> { Layers });
        var arrays = new Dictionary<string, WeightArray>(StringComparer.Ordinal);
        foreach (MatValue item in file[Layers].AsCell().Items)
        {
            MatStruct layer = item.AsStruct();
            string name = layer.Get("name").AsText();
            (MatNumeric Kernel, MatNumeric Bias)? parameters = Parameters(layer);
            if (parameters is not { } found)
                continue;
            if (!arrays.TryAdd($"{name}.weight", Kernel(found.Kernel))
                || !arrays.TryAdd($"{name}.bias", new WeightArray([found.Bias.Count], found.Bias.ToSingles)))
                throw new InvalidDataException($"{path}: two layers are named '{name}'.");
        }
        return arrays;
    }

    private static (MatNumeric Kernel, MatNumeric Bias)? Parameters(MatStruct layer)
    {
        if (layer.FieldNames.Contains("weights"))
        {
            // Activations and poolings have an empty one in some files, stored as an empty array.
            return layer.Get("weights") is MatCell { Items: [MatNumeric kernel, MatNumeric bias] } ? (kernel, bias) : null;
        }
        return layer.FieldNames.Contains("filters") ? (layer.Get("filters").AsNumeric(), layer.Get("biases").AsNumeric()) : null;
    }

    private static WeightArray Kernel(MatNumeric kernel)
    {
        // MATLAB drops trailing sizes of 1.
        int[] size = [.. kernel.Dimensions, .. Enumerable.Repeat(1, Math.Max(0, 4 - kernel.Dimensions.Count))];
        if (size.Length != 4)
            throw kernel.Error("expected a kernel of height×width×input×output");
        (int height, int width, int inputs, int outputs) = (size[0], size[1], size[2], size[3]);
        return new WeightArray([outputs, inputs, height, width], () =>
        {
            float[] stored = kernel.ToSingles();
            var values = new float[stored.Length];
            int to = 0;
            for (int o = 0; o < outputs; o++)
            {
                for (int i = 0; i < inputs; i++)
                {
                    for (int y = 0; y < height; y++)
                    {
                        for (int x = 0; x < width; x++)
                            values[to++] = stored[y + height * (x + width * (i + inputs * o))];
                    }
                }
            }
            return values;
        });
    }
}
