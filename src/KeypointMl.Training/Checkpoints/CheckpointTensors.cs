using System.Collections.Immutable;
using KeypointMl.Training.Checkpoints.Safetensors;
using KeypointMl.Training.Losses;
using KeypointMl.Training.Optimisation;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Checkpoints;

/// <summary>
/// The named tensors of one checkpoint: collected, written as one safetensors file, read back and copied
/// into live tensors.
/// </summary>
public sealed class CheckpointTensors
{
    private readonly Dictionary<string, SafetensorsTensor> tensors = new(StringComparer.Ordinal);
    private readonly string source;

    internal CheckpointTensors() => source = "the new checkpoint";

    private CheckpointTensors(SafetensorsFile file, string source)
    {
        this.source = source;
        Metadata = file.Metadata.ToDictionary(StringComparer.Ordinal);
        HasChecksums = SafetensorsChecksums.AreIn(file);
        foreach (SafetensorsTensor tensor in file.Tensors)
            tensors.Add(tensor.Name, tensor);
    }

    internal Dictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether the file that it was read from has checksums, which then are right; those of the first version have none.</summary>
    internal bool HasChecksums { get; }

    /// <exception cref="InvalidDataException">The file is damaged, or no safetensors file.</exception>
    internal static CheckpointTensors Read(string path)
    {
        SafetensorsFile file = SafetensorsFile.Read(path);
        if (SafetensorsChecksums.AreIn(file))
            SafetensorsChecksums.Verify(file, path);
        return new CheckpointTensors(file, path);
    }

    internal void Write(Stream stream)
    {
        var metadata = Metadata.ToImmutableSortedDictionary(StringComparer.Ordinal);
        new SafetensorsFile(tensors.Values, SafetensorsChecksums.AddTo(metadata, tensors.Values)).Write(stream);
    }

    /// <summary>Adds a tensor; it is copied.</summary>
    /// <param name="name">One that no other has.</param>
    /// <param name="tensor">On any device.</param>
    public void Add(string name, Tensor tensor) => tensors.Add(name, tensor.ToSafetensors(name));

    /// <summary>The tensor of that name, owned by the current dispose scope, or null.</summary>
    public Tensor? Find(string name) => tensors.TryGetValue(name, out SafetensorsTensor? tensor) ? tensor.ToTensor() : null;

    internal void AddModule(string name, nn.Module module)
    {
        foreach ((string key, Tensor value) in module.state_dict())
            Add($"{name}.{key}", value);
    }

    internal bool HasModule(string name) => tensors.Keys.Any(key => key.StartsWith(name + ".", StringComparison.Ordinal));

    internal void RestoreModule(string name, nn.Module module)
    {
        foreach ((string key, Tensor value) in module.state_dict())
            Required($"{name}.{key}").CopyTo(value);
    }

    /// <summary>Adds an optimiser's moments.</summary>
    /// <param name="network">The name of its network.</param>
    /// <param name="optimizer">The optimiser.</param>
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

    /// <summary>Restores what <see cref="AddOptimizer"/> added.</summary>
    /// <exception cref="InvalidDataException">It is not there, or of another shape.</exception>
    public void RestoreOptimizer(string network, NetworkOptimizer optimizer)
    {
        foreach (AdamMoments moments in optimizer.Moments)
        {
            Required(Moment(network, moments.Parameter, "exp_avg")).CopyTo(moments.Mean);
            Required(Moment(network, moments.Parameter, "exp_avg_sq")).CopyTo(moments.MeanSquare);
            using Tensor steps = zeros(Array.Empty<long>(), dtype: ScalarType.Int64, device: DeviceTensors.Cpu);
            Required(Moment(network, moments.Parameter, "step")).CopyTo(steps);
            optimizer.Steps = steps.item<long>();
        }
    }

    /// <summary>Adds a loss's state.</summary>
    public void AddTerm(ILossTerm term)
    {
        foreach ((string name, Tensor value) in term.State)
            Add(name, value);
    }

    /// <summary>Restores what <see cref="AddTerm"/> added.</summary>
    /// <exception cref="InvalidDataException">A tensor of the term is of another kind; the message says which and where.</exception>
    public void RestoreTerm(ILossTerm term)
    {
        try
        {
            term.Restore(Find);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{source} does not fit: {e.Message}", e);
        }
    }

    private static string Moment(string network, string parameter, string what) => $"adam.{network}.{parameter}.{what}";

    private SafetensorsTensor Required(string name) => tensors.TryGetValue(name, out SafetensorsTensor? tensor)
        ? tensor
        : throw new InvalidDataException(
            $"{source} has no tensor '{name}': it is of another network or recipe. "
            + "Resume with the recipe that made it, or start a new run.");
}
