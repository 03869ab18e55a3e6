using KeypointMl.Training.Numerics;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Runs;

/// <summary>What a run was computed on: in its log, its report and the provenance of its models.</summary>
internal sealed record TrainingEnvironment
{
    /// <summary>The device: <c>cpu</c> or <c>cuda:0</c>, with the GPU's name.</summary>
    public required string Device { get; init; }

    /// <summary>The processor, with family, model and instruction sets.</summary>
    public required string Processor { get; init; }

    /// <summary>The threads that libtorch computed with.</summary>
    public required int Threads { get; init; }

    /// <summary>How convolutions were computed: <c>default</c>, or what the numerics check chose instead.</summary>
    public required string Numerics { get; init; }

    internal static TrainingEnvironment Of(NumericsReport numerics, TrainingDevice device) => new()
    {
        Device = device.IsCpu ? device.Name : $"{device.Name} ({device.Description})",
        Processor = Training.Tensors.Processor.Current.ToString(),
        Threads = get_num_threads(),
        Numerics = numerics.Chosen,
    };

    /// <summary>The environments that a run's log names, in order, each once.</summary>
    internal static IReadOnlyList<TrainingEnvironment> In(IEnumerable<TrainingLogEntry> log) =>
        [.. log.Select(entry => entry.Environment).OfType<TrainingEnvironment>().Distinct()];
}
