using KeypointMl.Imaging.Files;
using KeypointMl.Imaging.Subjects;
using KeypointMl.Imaging.Video;

namespace KeypointMl.Scoring.Inputs;

/// <summary>Looks for the subjects of videos before they are scored, so that no boxes file is needed.</summary>
internal static class FoundBoxes
{
    /// <summary>The boxes of all videos, up to the last frame that is wanted of each.</summary>
    /// <param name="inputs">Videos.</param>
    /// <param name="options">What is known about the subjects.</param>
    /// <param name="note">Is told what was found in each; null for nobody.</param>
    /// <param name="cancellation">Asks to stop.</param>
    /// <returns>
    /// The boxes, in memory. A video that cannot be looked through (a moving camera, a still scene, a damaged file) has none, and
    /// a fault that says why.
    /// </returns>
    /// <exception cref="FfmpegNotFoundException">ffmpeg is not installed.</exception>
    /// <exception cref="FfmpegEndedException">ffmpeg was ended from outside, which says nothing about the video.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> asked to stop.</exception>
    public static BoxTable In(
        IEnumerable<InputFile> inputs, SubjectFinderOptions options, Action<string>? note, CancellationToken cancellation)
    {
        var faults = new Dictionary<string, string>(StringComparer.Ordinal);
        List<TrackedBox> all = [];
        foreach (InputFile input in inputs)
        {
            SubjectSearchResult result = Search(input, options, out List<TrackedBox> boxes, cancellation);
            if (result.Error is { } error)
                faults.Add(input.Name, error);
            else if (boxes.Count == 0)
                faults.Add(input.Name, $"{PrintableText.Of(input.Path)}: no subject was found in the frames that are asked for.");
            else
                note?.Invoke($"found: {result}");
            all.AddRange(boxes);
        }
        return BoxTable.Of(all, faults);
    }

    private static SubjectSearchResult Search(
        InputFile input, SubjectFinderOptions options, out List<TrackedBox> boxes, CancellationToken cancellation)
    {
        try
        {
            return VideoSubjects.Search(
                input.Path, input.Name, options, input.End == long.MaxValue ? null : input.End - 1, out boxes, cancellation);
        }
        catch (Exception error) when (
            error is UnauthorizedAccessException or IOException and not (FfmpegStartException or FfmpegEndedException))
        {
            boxes = [];
            return SubjectSearchResult.Failed(input.Path, input.Name, error);
        }
    }
}
