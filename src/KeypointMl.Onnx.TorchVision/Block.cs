using System.Reflection;
using KeypointMl.Onnx.TorchSharp.Emitting;
using static TorchSharp.torch;

namespace KeypointMl.Onnx.TorchVision;

/// <summary>
/// A module of TorchVision, whose inner modules and flags are private: modules are found by their names, which are
/// those of the weights, flags by reflection.
/// </summary>
/// <param name="module">The module.</param>
internal readonly struct Block(nn.Module<Tensor, Tensor> module)
{
    /// <summary>Calls inner modules one after the other.</summary>
    /// <param name="x">What the first is given.</param>
    /// <param name="names">Their names.</param>
    /// <returns>What the last gives.</returns>
    public Tensor Run(Tensor x, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            nn.Module inner = Find(name)
                ?? throw new OnnxExportException($"TorchVision's {module.GetType().Name} has no inner module '{name}'. {Versions}");
            x = ((nn.Module<Tensor, Tensor>)inner).call(x);
        }
        return x;
    }

    /// <summary>Whether there is an inner module of a name.</summary>
    public bool Has(string name) => Find(name) is not null;

    /// <summary>Whether a private flag is set.</summary>
    public bool IsSet(string field) =>
        module.GetType().GetField(field, BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)?.GetValue(module) as bool?
        ?? throw new OnnxExportException($"TorchVision's {module.GetType().Name} has no flag '{field}'. {Versions}");

    /// <summary>A private type inside a model.</summary>
    /// <exception cref="OnnxExportException">This version of TorchVision has none of that name.</exception>
    public static Type TypeOf(Type model, string name) =>
        model.GetNestedType(name, BindingFlags.NonPublic | BindingFlags.Public)
            ?? throw new OnnxExportException($"TorchVision's {model.Name} has no block '{name}'. {Versions}");

    private static string Versions => "This version of KeypointMl.Onnx.TorchVision knows TorchVision 0.107.";

    private nn.Module? Find(string name) => module.named_children().FirstOrDefault(child => child.name == name).module;
}
