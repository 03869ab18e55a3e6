#!/usr/bin/env dotnet
// A TorchSharp module → an ONNX file → the same numbers from ONNX Runtime. Nothing here knows of keypoints.
//
//   dotnet run samples/torchsharp-to-onnx.cs -- OUTPUT.onnx
#:project ../src/KeypointMl.Onnx.TorchSharp/KeypointMl.Onnx.TorchSharp.csproj
#:property UseTorchNatives=true

using KeypointMl.Onnx.Inspection;
using KeypointMl.Onnx.Model;
using KeypointMl.Onnx.TorchSharp.Exporting;
using Microsoft.ML.OnnxRuntime;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using @functional = KeypointMl.Onnx.TorchSharp.Functional; // seen by the exporter; outside of an export TorchSharp's own functions

if (args.Length != 1)
{
    Console.Error.WriteLine("usage: dotnet run samples/torchsharp-to-onnx.cs -- OUTPUT.onnx");
    return 2;
}

random.manual_seed(1);
using var network = new ResidualNetwork(channels: 16, classes: 10); // trained or loaded by you, in place of this
network.eval();

// One example run is traced. The batch is open by itself; here height and width are too.
network.SaveOnnx(args[0], [randn(1, 3, 32, 32)], new OnnxExportOptions
{
    InputNames = ["image"],
    OutputNames = ["logits"],
    DynamicAxes = [new OnnxDynamicAxis("image", 2, "H"), new OnnxDynamicAxis("image", 3, "W")],
});
Console.WriteLine(OnnxInspector.Summarize(OnnxModel.Load(args[0])));

// Another batch and another size than the example's: what TorchSharp computes, and what the file computes.
using Tensor images = randn(5, 3, 48, 40);
using Tensor expected = network.call(images);
using var session = new InferenceSession(args[0]);
using OrtValue input = OrtValue.CreateTensorValueFromMemory(images.data<float>().ToArray(), images.shape);
using var run = new RunOptions();
using IDisposableReadOnlyCollection<OrtValue> results = session.Run(run, ["image"], [input], ["logits"]);
float difference = expected.data<float>().Zip(results[0].GetTensorDataAsSpan<float>().ToArray(), (a, b) => MathF.Abs(a - b)).Max();
Console.WriteLine($"largest difference {difference:E1}");
return difference < 1e-4f ? 0 : 1;

internal sealed class ResidualNetwork : Module<Tensor, Tensor>
{
    private readonly Conv2d stem, first, second;
    private readonly BatchNorm2d norm;
    private readonly AdaptiveAvgPool2d pool = AdaptiveAvgPool2d([1, 1]);
    private readonly Linear head;

    public ResidualNetwork(int channels, int classes)
        : base("residual")
    {
        stem = Conv2d(3, channels, 3, padding: 1);
        first = Conv2d(channels, channels, 3, padding: 1);
        second = Conv2d(channels, channels, 3, padding: 1);
        norm = BatchNorm2d(channels);
        head = Linear(channels, classes);
        RegisterComponents();
    }

    public override Tensor forward(Tensor image)
    {
        Tensor x = functional.relu(norm.call(stem.call(image)));
        Tensor body = second.call(functional.relu(first.call(x)));
        x = functional.relu(functional.add(x, body)); // x + body would not be seen, and would be refused with this advice
        return head.call(functional.flatten(pool.call(x), 1));
    }
}
