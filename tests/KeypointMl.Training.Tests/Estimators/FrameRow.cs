namespace KeypointMl.Training.Tests;

/// <summary>A frame of a video as an application has it.</summary>
internal sealed class FrameRow
{
    public string Path { get; set; } = "";

    public string Video { get; set; } = "";

    public int Frame { get; set; }

    public float[] Label { get; set; } = [];
}
