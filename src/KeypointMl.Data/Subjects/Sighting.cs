using System.Numerics;

namespace KeypointMl.Data;

/// <summary>A track in a frame.</summary>
/// <param name="Centre">The middle of its body, in pixels of the plane.</param>
/// <param name="Score">0 to 1; see <see cref="FoundSubject.Score"/>.</param>
/// <param name="Touching">The tracks that it shares a blob with.</param>
internal readonly record struct Sighting(Vector2 Centre, float Score, IReadOnlyList<SubjectTrack> Touching);
