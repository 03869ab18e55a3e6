using KeypointMl.Data;

namespace KeypointMl.Scoring;

/// <summary>An image or a video to be scored.</summary>
/// <param name="Path">The file to open.</param>
/// <param name="Name">Its name in the results: relative to the folder, the glob's fixed part or the list's folder, with forward slashes.</param>
public readonly record struct InputFile(string Path, string Name)
{
    /// <summary>Whether it is read as a still image, by its extension; any other file is given to ffmpeg.</summary>
    public bool IsImage => ImageFolder.IsImage(Path);
}
