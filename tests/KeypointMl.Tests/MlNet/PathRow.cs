namespace KeypointMl.Tests.MlNet;

internal sealed class PathRow
{
    public int Number { get; set; }

    public string Path { get; set; } = "";
}
