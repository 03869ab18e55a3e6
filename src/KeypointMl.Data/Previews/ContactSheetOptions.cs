using KeypointMl.Data.Priors;

namespace KeypointMl.Data.Previews;

/// <summary>What a contact sheet shows.</summary>
internal sealed record ContactSheetOptions
{
    /// <summary>Pictures in a row.</summary>
    public int Columns { get; init; } = 8;

    /// <summary>Rows of each of the three kinds of picture.</summary>
    public int Rows { get; init; } = 2;

    /// <summary>How many times the frames are enlarged.</summary>
    public int Zoom { get; init; } = 2;

    /// <summary>The split whose labelled frames are shown; null for none.</summary>
    public string? LabelledSplit { get; init; } = "test";

    /// <summary>The folder that the frames' sources lie in, to show a row of them with their boxes; null for no such row.</summary>
    public string? DataRoot { get; init; }

    /// <summary>How prior poses are varied, so that one sees what training sees.</summary>
    public PoseAugmentation Augmentation { get; init; } = PoseAugmentation.None;

    /// <summary>Seed of the choice of frames and poses.</summary>
    public ulong Seed { get; init; }
}
