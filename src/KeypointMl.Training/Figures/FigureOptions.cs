namespace KeypointMl.Training;

/// <summary>What a figure shows.</summary>
public sealed record FigureOptions
{
    /// <summary>Which figure.</summary>
    public required FigureKind Kind { get; init; }

    /// <summary>How many examples: rows of pictures, or columns where the paper's figure has them side by side; at least 1.</summary>
    public int Examples { get; init; } = 6;

    /// <summary>Where the networks run; the CPU by default.</summary>
    public TrainingDevice Device { get; init; } = TrainingDevice.Cpu;

    /// <summary>Chooses the examples.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>For <see cref="FigureKind.Edits"/>: what is moved, each <c>NAME=DX,DY</c> (<see cref="KeypointEdit.Parse"/>); empty: the skeleton's first groups, upwards.</summary>
    public IReadOnlyList<string> Moves { get; init; } = [];
}
