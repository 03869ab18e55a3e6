namespace KeypointMl.Data.Projects;

/// <summary>What a project for own data is made of.</summary>
internal sealed record ProjectOptions
{
    /// <summary>The project's folder, as the user wrote it.</summary>
    public required string Folder { get; init; }

    /// <summary>A short name.</summary>
    public required string Name { get; init; }

    /// <summary>The videos and their names relative to <see cref="MediaFolder"/>; empty for images.</summary>
    public IReadOnlyList<(string Path, string Name)> Videos { get; init; } = [];

    /// <summary>The folder of the videos or images: relative where the user wrote it so.</summary>
    public required string MediaFolder { get; init; }

    /// <summary>The videos or images as the user wrote them.</summary>
    public required IReadOnlyList<string> Inputs { get; init; }

    /// <summary>The file of prior poses; null where there is a template.</summary>
    public string? Prior { get; init; }

    /// <summary>The template to draw a prior of; null where there is a prior.</summary>
    public string? Template { get; init; }

    /// <summary>A file of labels of the videos or images, to measure errors with; null for none.</summary>
    public string? Labels { get; init; }

    /// <summary>Whether a detector is trained on most of the labels, and measured with the others.</summary>
    public bool Supervised { get; init; }

    /// <summary>Of COCO files; null for none.</summary>
    public string? Category { get; init; }

    /// <summary>A skeleton's file or name; null for that of the poses.</summary>
    public string? Skeleton { get; init; }

    /// <summary>Points with a lower score are missing.</summary>
    public float MinScore { get; init; } = 0.3f;

    /// <summary>Width and height of the crop that the prior's coordinates are pixels of; null to fit the poses to the images.</summary>
    public (int Width, int Height)? PriorSize { get; init; }

    /// <summary>A file that says where the subjects are; null to look for them.</summary>
    public string? Boxes { get; init; }

    /// <summary>How many subjects there are; null where it is not known.</summary>
    public int? Count { get; init; }

    /// <summary>The side of the boxes in pixels; null to learn it.</summary>
    public float? BoxSize { get; init; }

    /// <summary>How many threads look for subjects; 0: as many as there are processors.</summary>
    public int Threads { get; init; }

    /// <summary>Whether whole frames are used without looking for subjects.</summary>
    public bool WholeFrames { get; init; }

    /// <summary>Whether subjects head anywhere; null to find out.</summary>
    public bool? AnyHeading { get; init; }

    /// <summary>Whether files of an earlier project may be replaced.</summary>
    public bool Force { get; init; }
}

/// <summary>What was measured of videos or images and prior: what a recipe is fitted to.</summary>
internal sealed record ProjectMeasures
{
    /// <summary>How many crops or images there are to train on.</summary>
    public required int Frames { get; init; }

    /// <summary>The length of the longest run of frames of one subject.</summary>
    public required int LongestClip { get; init; }

    /// <summary>How many of the frames of a run are one second; null for images.</summary>
    public required double? FramesPerSecond { get; init; }

    /// <summary>How many keypoints there are.</summary>
    public required int Keypoints { get; init; }

    /// <summary>Whether frames are used as a whole.</summary>
    public required bool WholeFrames { get; init; }

    /// <summary>Whether subjects head anywhere.</summary>
    public required bool AnyHeading { get; init; }

    /// <summary>By how many degrees more than the poses' the subjects' main axes spread (uniform, ±); 0 where that is not known.</summary>
    public required double AxisDegrees { get; init; }

    /// <summary>By how much more than the prior's poses the subjects' sizes vary (uniform, ±); 0 where that is not known.</summary>
    public required double SizeVariation { get; init; }

    /// <summary>How far subjects lie off the middle of their frames, as a fraction of it (uniform, ±); 0 where that is not known.</summary>
    public required double PlaceVariation { get; init; }

    /// <summary>Whether there are labels to measure errors with.</summary>
    public required bool HasLabels { get; init; }

    /// <summary>How many labels a detector is trained on; 0 where it learns without labels.</summary>
    public required int TrainingLabels { get; init; }
}
