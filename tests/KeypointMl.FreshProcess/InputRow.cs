namespace KeypointMl.FreshProcess;

internal sealed class InputRow
{
    public string Path { get; set; } = "";
}
