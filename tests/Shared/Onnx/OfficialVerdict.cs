namespace KeypointMl.Testing;

/// <summary>What the official checker says of a model.</summary>
/// <param name="IsChecked">Whether it could say anything: it is installed and new enough for the model.</param>
/// <param name="Fault">What is wrong; null where nothing is, or nothing was checked.</param>
internal sealed record OfficialVerdict(bool IsChecked, string? Fault)
{
    public bool IsValid => IsChecked && Fault is null;
}
