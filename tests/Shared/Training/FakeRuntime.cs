using KeypointMl.Training.Numerics;

namespace KeypointMl.Testing;

/// <summary>A process whose threads, instruction set and oneDNN are numbers and words.</summary>
internal sealed class FakeRuntime : INumericsRuntime
{
    public int Threads { get; set; } = 2;

    public string? InstructionSet { get; init; }

    public bool HasAvx512 { get; init; } = true;

    public bool CanTurnOneDnnOff { get; init; } = true;

    public bool OneDnn { get; private set; } = true;

    public bool TurnOneDnnOff()
    {
        OneDnn = !CanTurnOneDnnOff;
        return CanTurnOneDnnOff;
    }
}
