using System.Globalization;
using KeypointMl.Imaging.Drawing;
using KeypointMl.Imaging.Images;

namespace KeypointMl.Imaging.Subjects;

/// <summary>
/// Keeps pictures of the frames whose boxes are most likely wrong, no two of them close together; as many as fit on a sheet,
/// however long the videos are.
/// </summary>
internal sealed class DoubtfulFrames
{
    private const int Columns = 5;
    private const int Cells = 20;
    private const int CellSide = 320;
    private const int Apart = 15;
    private const float Least = 0.05f;
    // Less than where something happens to a track, more than where a subject is a little unlike itself.
    private const float DoubtOfEmpty = 0.3f;

    private sealed record Candidate(string Source, long Frame, float Doubt, RgbImage Picture);

    private readonly List<Candidate> candidates = [];
    private readonly HashSet<string> doubtful = [];

    /// <summary>Looks at a frame.</summary>
    /// <param name="source">The video's name.</param>
    /// <param name="isNamed">Whether the name stands on the picture.</param>
    /// <param name="frame">The frame, with its pixels.</param>
    internal void Consider(string source, bool isNamed, FoundFrame frame)
    {
        float doubt = Doubt(frame);
        if (doubt >= Least)
            doubtful.Add(source);
        Candidate? near = candidates.Find(other => other.Source == source && Math.Abs(other.Frame - frame.Number) < Apart);
        Candidate? worst = near ?? (candidates.Count < Cells ? null : candidates.MinBy(other => other.Doubt));
        if (doubt < Least || (worst is not null && worst.Doubt >= doubt))
            return;
        if (worst is not null)
            candidates.Remove(worst);
        float scale = CellSide / (float)Math.Max(frame.Image!.Width, frame.Image.Height);
        string number = frame.Number.ToString(CultureInfo.InvariantCulture);
        string title = isNamed ? $"{source} {number}" : number;
        RgbImage picture = SubjectPainter.Paint(frame.Image, frame, scale, title);
        candidates.Add(new Candidate(source, frame.Number, doubt, ImageFitter.Fit(picture, CellSide, CellSide)));
    }

    /// <summary>Takes back what was kept of a video that cannot be used after all.</summary>
    internal void Forget(string source)
    {
        candidates.RemoveAll(candidate => candidate.Source == source);
        doubtful.Remove(source);
    }

    /// <summary>Whether a video has a doubtful frame.</summary>
    internal bool Has(string source) => doubtful.Contains(source);

    /// <summary>The pictures in order of video and time, with frame numbers; one that says so where nothing is doubtful.</summary>
    internal RgbImage Sheet()
    {
        if (candidates.Count == 0)
            return SubjectPainter.Paint(new RgbImage(CellSide, CellSide), new FoundFrame(0, [], []), title: "no doubtful frame");
        List<RgbImage?> cells =
        [
            .. candidates.OrderBy(candidate => candidate.Source, StringComparer.Ordinal).ThenBy(candidate => candidate.Frame)
                .Select(candidate => candidate.Picture),
        ];
        while (cells.Count % Columns != 0)
            cells.Add(null);
        return PictureSheet.Draw(cells, Columns, CellSide, CellSide);
    }

    // The least sure subject, or that there is none, as a video without any fails; and what happens to tracks. That all begin
    // with the video is no wonder.
    private static float Doubt(FoundFrame frame)
    {
        float doubt = frame.Subjects.Count == 0 ? DoubtOfEmpty : 1 - frame.Subjects.Min(subject => subject.Score);
        return doubt + frame.Events.Count(happened =>
            happened.Kind != SubjectEventKind.Separated && (happened.Kind != SubjectEventKind.Begun || frame.Number > 0));
    }
}
