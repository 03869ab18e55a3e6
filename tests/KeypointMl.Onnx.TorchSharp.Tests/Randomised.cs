using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchSharp.Tests;

/// <summary>
/// Normalisations whose weights and statistics are not the 1 and 0 that they start with, under which a wrong converter
/// could look right.
/// </summary>
internal static class Randomised
{
    public static BatchNorm2d BatchNorm2d(long features) => (BatchNorm2d)State(nn.BatchNorm2d(features));

    public static T State<T>(T module)
        where T : nn.Module
    {
        using (no_grad())
        {
            foreach ((string name, Tensor tensor) in module.named_parameters().Select(entry => (entry.name, (Tensor)entry.parameter))
                .Concat(module.named_buffers()))
            {
                if (tensor.dtype == ScalarType.Float32)
                    tensor.uniform_(name.EndsWith("running_var", StringComparison.Ordinal) ? 0.5 : -1.5, 1.5);
            }
        }
        return module;
    }
}
