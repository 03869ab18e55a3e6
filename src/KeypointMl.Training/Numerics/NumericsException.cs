namespace KeypointMl.Training;

/// <summary>libtorch computes wrong numbers on this processor, and nothing that this process can still do makes them right.</summary>
/// <param name="message">What is wrong and what to do.</param>
/// <param name="instructionSet">The value of <see cref="Variable"/> to try in a new process; null where none is left.</param>
public sealed class NumericsException(string message, string? instructionSet = null) : Exception(message)
{
    /// <summary>The environment variable by which oneDNN's instruction set is lowered. It is read once, before a process's first convolution.</summary>
    public const string Variable = "ONEDNN_MAX_CPU_ISA";

    /// <summary>What to set <see cref="Variable"/> to before the process starts; null where that was tried.</summary>
    public string? InstructionSet { get; } = instructionSet;
}
