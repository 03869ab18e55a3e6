using KeypointMl.Onnx.TorchSharp.Tracing;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Numerics;

/// <summary>What of this process decides how convolutions are computed, and can be changed.</summary>
internal interface INumericsRuntime
{
    /// <summary>The threads that libtorch computes with.</summary>
    int Threads { get; set; }

    /// <summary>
    /// The instruction set that oneDNN was confined to when the process started
    /// (<see cref="NumericsException.Variable"/>), or null.
    /// </summary>
    string? InstructionSet { get; }

    /// <summary>Whether the processor has AVX-512.</summary>
    bool HasAvx512 { get; }

    /// <summary>Makes libtorch compute without oneDNN.</summary>
    /// <returns>False where that cannot be done.</returns>
    bool TurnOneDnnOff();
}

/// <summary>This process.</summary>
internal sealed class ProcessRuntime : INumericsRuntime
{
    public int Threads
    {
        get => get_num_threads();
        set => set_num_threads(value);
    }

    public string? InstructionSet { get; } = Environment.GetEnvironmentVariable(NumericsException.Variable) is { Length: > 0 } value
        ? value.ToUpperInvariant()
        : null;

    public bool HasAvx512 => Processor.Current.HasAvx512;

    public bool TurnOneDnnOff() => LibTorchSwitches.UseOneDnn(false);
}
