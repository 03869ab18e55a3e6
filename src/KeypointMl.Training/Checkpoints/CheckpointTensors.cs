using System.Collections.Immutable;
using static TorchSharp.torch;

namespace KeypointMl.Training;

/// <summary>The named tensors and strings of one checkpoint: collected, written as one safetensors file, read back and copied into live tensors.</summary>
internal sealed class CheckpointTensors
{
    private const string RunningMeans = "reconstruction.running_means";
    private readonly Dictionary<string, SafetensorsTensor> tensors = new(StringComparer.Ordinal);
    private readonly string source;

    public CheckpointTensors() => source = "the new checkpoint";

    private CheckpointTensors(SafetensorsFile file, string source)
    {
        this.source = source;
        Metadata = file.Metadata.ToDictionary(StringComparer.Ordinal);
        foreach (SafetensorsTensor tensor in file.Tensors)
            tensors.Add(tensor.Name, tensor);
    }

    public Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    public static CheckpointTensors Read(string path) => new(SafetensorsFile.Read(path), path);

    public void Write(Stream stream) => new SafetensorsFile(tensors.Values, Metadata.ToImmutableSortedDictionary(StringComparer.Ordinal)).Write(stream);

    public void Add(string name, Tensor tensor) => tensors.Add(name, tensor.ToSafetensors(name));

    /// <summary>The tensor of that name, owned by the current dispose scope, or null.</summary>
    public Tensor? Find(string name) => tensors.TryGetValue(name, out SafetensorsTensor? tensor) ? tensor.ToTensor() : null;

    public void AddModule(string name, nn.Module module)
    {
        foreach ((string key, Tensor value) in module.state_dict())
            Add($"{name}.{key}", value);
    }

    public bool HasModule(string name) => tensors.Keys.Any(key => key.StartsWith(name + ".", StringComparison.Ordinal));

    public void RestoreModule(string name, nn.Module module)
    {
        foreach ((string key, Tensor value) in module.state_dict())
            Required($"{name}.{key}").CopyTo(value);
    }

    public void AddOptimizer(string network, NetworkOptimizer optimizer)
    {
        using Tensor steps = tensor(optimizer.Steps, device: DeviceTensors.Cpu);
        foreach (AdamMoments moments in optimizer.Moments)
        {
            Add(Moment(network, moments.Parameter, "exp_avg"), moments.Mean);
            Add(Moment(network, moments.Parameter, "exp_avg_sq"), moments.MeanSquare);
            Add(Moment(network, moments.Parameter, "step"), steps);
        }
    }

    public void RestoreOptimizer(string network, NetworkOptimizer optimizer)
    {
        foreach (AdamMoments moments in optimizer.Moments)
        {
            Required(Moment(network, moments.Parameter, "exp_avg")).CopyTo(moments.Mean);
            Required(Moment(network, moments.Parameter, "exp_avg_sq")).CopyTo(moments.MeanSquare);
            using Tensor steps = Required(Moment(network, moments.Parameter, "step")).ToTensor();
            optimizer.Steps = steps.item<long>();
        }
    }

    public void AddRunningMeans(ReconstructionLoss reconstruction)
    {
        if (reconstruction.RunningMeans.Count == 0)
            return;
        using Tensor means = tensor([.. reconstruction.RunningMeans], device: DeviceTensors.Cpu);
        Add(RunningMeans, means);
    }

    public void RestoreRunningMeans(ReconstructionLoss reconstruction)
    {
        if (Find(RunningMeans) is { } means)
            reconstruction.RunningMeans = DeviceReads.Singles(means);
    }

    private static string Moment(string network, string parameter, string what) => $"adam.{network}.{parameter}.{what}";

    private SafetensorsTensor Required(string name) => tensors.TryGetValue(name, out SafetensorsTensor? tensor)
        ? tensor
        : throw new InvalidDataException($"{source} has no tensor '{name}': it is of another network or recipe. Resume with the recipe that made it, or start a new run.");
}
