using System.Numerics;
using KeypointMl.Imaging.Images;
using KeypointMl.Poses.Geometry;

namespace KeypointMl.Imaging.Subjects;

/// <summary>The subjects of one frame.</summary>
/// <param name="Number">0-based number of the frame.</param>
/// <param name="Subjects">Those that were found, by number of their tracks.</param>
/// <param name="Events">What happened to tracks in this frame.</param>
public sealed record FoundFrame(long Number, IReadOnlyList<FoundSubject> Subjects, IReadOnlyList<SubjectEvent> Events)
{
    /// <summary>The frame's pixels, where they were asked for; used again once the next frame is asked for.</summary>
    public RgbImage? Image { get; init; }
}

/// <summary>Where a subject is in a frame.</summary>
/// <param name="Track">Which subject: numbered from 0 in order of their first frames.</param>
/// <param name="Box">A square around the middle of its body, in pixels of the frame; it may reach over the edge.</param>
/// <param name="Score">
/// How sure it is: the ratio, 0 to 1, of its area to its usual area, or the reverse; half of that where it touches another; 0
/// where it was not seen and lies between two frames in which it was.
/// </param>
public readonly record struct FoundSubject(int Track, Box Box, float Score);

/// <summary>What happened to a track.</summary>
/// <param name="Frame">0-based number of the frame.</param>
/// <param name="Kind">What.</param>
/// <param name="Track">To which track.</param>
/// <param name="Other">
/// The other track of a <see cref="SubjectEventKind.Merged"/> or <see cref="SubjectEventKind.Separated"/>; else null.
/// </param>
public readonly record struct SubjectEvent(long Frame, SubjectEventKind Kind, int Track, int? Other = null);

/// <summary>What can happen to a track.</summary>
public enum SubjectEventKind
{
    /// <summary>It is seen for the first time.</summary>
    Begun,

    /// <summary>It is not seen any more, for longer than what is filled in between two frames.</summary>
    Lost,

    /// <summary>It is seen again.</summary>
    Found,

    /// <summary>It touches another: both are in one blob, which is divided.</summary>
    Merged,

    /// <summary>It does not touch the other any more.</summary>
    Separated,

    /// <summary>It was not seen for so long that it will not come back under this number.</summary>
    Ended,
}

/// <summary>A track in a frame.</summary>
/// <param name="Centre">The middle of its body, in pixels of the plane.</param>
/// <param name="Score">0 to 1; see <see cref="FoundSubject.Score"/>.</param>
/// <param name="Touching">The tracks that it shares a blob with.</param>
internal readonly record struct Sighting(Vector2 Centre, float Score, IReadOnlyList<SubjectTrack> Touching);
