using KeypointMl.Training.Checkpoints.Safetensors;
using KeypointMl.Training.Losses.Perceptual;

namespace KeypointMl.Training.Tests;

/// <summary>Weight files of VGG networks with random weights, in each format.</summary>
internal static class VggFiles
{
    /// <summary>Three blocks of two convolutions and a few channels.</summary>
    public static VggArchitecture Tiny { get; } = new("VGG-tiny", [2, 3, 2], [3, 4, 5]);

    /// <summary>Kernel [output,input,3,3] and bias of every layer, from −0.5 to 0.5.</summary>
    public static List<(VggLayer Layer, float[] Kernel, float[] Bias)> Weights(VggArchitecture architecture, int inputs = 3)
    {
        var random = new Random(11);
        return [.. architecture.Layers()
            .Select((layer, index) => (layer, Numbers(layer.Outputs * (index == 0 ? inputs : layer.Inputs) * 9), Numbers(layer.Outputs)))];

        float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
    }

    /// <summary>
    /// Writes a file whose format goes by its name; torchvision's names, or <c>conv1_1</c> where
    /// <paramref name="plainNames"/>.
    /// </summary>
    public static string Write(string path, VggArchitecture architecture, bool plainNames = false, int inputs = 3)
    {
        List<(VggLayer Layer, float[] Kernel, float[] Bias)> weights = Weights(architecture, inputs);
        byte[] content = Path.GetExtension(path) switch
        {
            ".safetensors" => Safetensors(weights, plainNames),
            ".pth" => PyTorch(weights, plainNames),
            _ => MatWriter.File(compressed: true, ("layers", MatLayers(weights))),
        };
        File.WriteAllBytes(path, content);
        return path;
    }

    private static byte[] Safetensors(List<(VggLayer Layer, float[] Kernel, float[] Bias)> weights, bool plainNames)
    {
        using var stream = new MemoryStream();
        new SafetensorsFile(weights.SelectMany(item => new[]
        {
            new SafetensorsTensor($"{Name(item.Layer, plainNames)}.weight", SafetensorsType.F32,
                [item.Layer.Outputs, item.Kernel.Length / item.Layer.Outputs / 9, 3, 3], PickleWriter.Bytes(item.Kernel)),
            new SafetensorsTensor(
                $"{Name(item.Layer, plainNames)}.bias", SafetensorsType.F32, [item.Layer.Outputs], PickleWriter.Bytes(item.Bias)),
        })).Write(stream);
        return stream.ToArray();
    }

    private static byte[] PyTorch(List<(VggLayer Layer, float[] Kernel, float[] Bias)> weights, bool plainNames)
    {
        PickleWriter pickle = new PickleWriter().Start().OrderedDictionary().Mark();
        var storages = new List<(string, byte[])>();
        foreach ((VggLayer layer, float[] kernel, float[] bias) in weights)
        {
            int inputs = kernel.Length / layer.Outputs / 9;
            pickle.Text($"{Name(layer, plainNames)}.weight")
                .Tensor("FloatStorage", $"{storages.Count}", kernel.Length, 0, [layer.Outputs, inputs, 3, 3], [inputs * 9, 9, 3, 1]);
            storages.Add(($"{storages.Count}", PickleWriter.Bytes(kernel)));
            pickle.Text($"{Name(layer, plainNames)}.bias")
                .Tensor("FloatStorage", $"{storages.Count}", bias.Length, 0, [layer.Outputs], [1]);
            storages.Add(($"{storages.Count}", PickleWriter.Bytes(bias)));
        }
        return PickleWriter.Zip(pickle.Raw((byte)'u').Stop(), [.. storages]);
    }

    // The activation between two convolutions has no weights, in the real files as an empty cell.
    private static object[] MatLayers(List<(VggLayer Layer, float[] Kernel, float[] Bias)> weights) =>
    [
        .. weights.SelectMany(item => new object[]
        {
            new Dictionary<string, object>
            {
                ["name"] = item.Layer.Name,
                ["type"] = "conv",
                ["weights"] = new object[] { MatKernel(item.Kernel, item.Layer.Outputs), (new[] { item.Layer.Outputs, 1 }, item.Bias) },
            },
            new Dictionary<string, object>
            {
                ["name"] = item.Layer.Name.Replace("conv", "relu", StringComparison.Ordinal),
                ["type"] = "relu",
                ["weights"] = Array.Empty<object>(),
            },
        }),
    ];

    /// <summary>[output,input,y,x] row-major → [y,x,input,output] column-major.</summary>
    private static (int[] Size, float[] Values) MatKernel(float[] kernel, int outputs)
    {
        int inputs = kernel.Length / outputs / 9;
        var values = new float[kernel.Length];
        for (int o = 0; o < outputs; o++)
        {
            for (int i = 0; i < inputs; i++)
            {
                for (int y = 0; y < 3; y++)
                {
                    for (int x = 0; x < 3; x++)
                        values[y + 3 * x + 9 * i + 9 * inputs * o] = kernel[((o * inputs + i) * 3 + y) * 3 + x];
                }
            }
        }
        return ([3, 3, inputs, outputs], values);
    }

    private static string Name(VggLayer layer, bool plainNames) => plainNames ? layer.Name : $"features.{layer.Position}";
}
