namespace KeypointMl.Training;

/// <summary>A Python name that a pickle refers to. It is compared with the few that are known, and never looked up or called.</summary>
internal sealed record PickleGlobal(string Module, string Name)
{
    public override string ToString() => $"{Module}.{Name}";
}
