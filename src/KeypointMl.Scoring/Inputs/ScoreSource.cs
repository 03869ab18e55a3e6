namespace KeypointMl.Scoring.Inputs;

/// <summary>
/// One of the things that are scored: an image, a folder, a glob, a list or table of paths, or a video, and which
/// frames of the videos.
/// </summary>
/// <param name="Path">
/// An image; a folder, whose images are taken at any depth; a glob with <c>*</c> and <c>**</c>; a list (<c>.txt</c>: a
/// path a line) or a table (<c>.csv</c>, <c>.parquet</c>) of paths, relative to its folder; or any other file, which is
/// a video.
/// </param>
public sealed record ScoreSource(string Path)
{
    /// <summary>Of a table: the column with the paths.</summary>
    public const string DefaultColumn = "path";

    /// <summary><c>column</c>: of a table, the column with the paths.</summary>
    public string Column { get; init; } = DefaultColumn;

    /// <summary>
    /// <c>prefix</c>: put before the names of its files, with a slash, so that files of several sources are told apart;
    /// empty for none.
    /// </summary>
    public string Prefix { get; init; } = "";

    /// <summary><c>first</c>: of videos, the first frame, 0-based.</summary>
    public long First { get; init; }

    /// <summary><c>last</c>: of videos, the last frame; each up to it gets a row. Null: to the end.</summary>
    public long? Last { get; init; }

    /// <summary><c>step</c>: of videos, every n-th frame from <see cref="First"/> on.</summary>
    public int Step { get; init; } = 1;

    /// <summary>A file of this source, with its frames.</summary>
    internal InputFile File(string path, string name) => new(path, Prefix.Length == 0 ? name : $"{Prefix}/{name}")
    {
        First = First,
        Step = Step,
        Count = Last is long last ? (last - First) / Step + 1 : null,
        ToEnd = Last is null,
    };
}
