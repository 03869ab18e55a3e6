using System.Globalization;
using System.Numerics;
using KeypointMl.Imaging.Subjects;
using KeypointMl.Poses.Geometry;

namespace KeypointMl.Tests.Data.Subjects;

/// <summary>How well found subjects agree with the truth of a scene.</summary>
/// <param name="Found">The part of the animals' frames in which a box is near.</param>
/// <param name="Median">The median distance of the boxes' centres in pixels.</param>
/// <param name="Near">The part of the animals' frames in which a centre is within a tenth of the animal's length.</param>
/// <param name="Identity">The part of the animals' frames that have the track which the animal has most often.</param>
/// <param name="Extra">Boxes near no animal, for each frame.</param>
internal sealed record FindingAccuracy(double Found, double Median, double Near, double Identity, double Extra)
{
    public static FindingAccuracy Of(SyntheticScene scene, IReadOnlyList<FoundFrame> frames)
    {
        List<float> distances = [];
        var tracks = scene.Animals.Select(_ => new Dictionary<int, int>()).ToArray();
        (int wanted, int near, int extra) = (0, 0, 0);
        foreach (FoundFrame frame in frames)
        {
            List<FoundSubject> free = [.. frame.Subjects];
            for (int a = 0; a < scene.Animals.Count; a++)
            {
                if (scene.Animals[a].Path((int)frame.Number) is not { } truth || !IsInside(scene, truth))
                    continue;
                wanted++;
                if (free.Count == 0)
                    continue;
                FoundSubject best = free.MinBy(subject => Vector2.Distance(Centre(subject.Box), truth));
                float distance = Vector2.Distance(Centre(best.Box), truth);
                if (distance > scene.Animals[a].Length)
                    continue;
                free.Remove(best);
                distances.Add(distance);
                near += distance <= scene.Animals[a].Length / 5 ? 1 : 0;
                tracks[a][best.Track] = tracks[a].GetValueOrDefault(best.Track) + 1;
            }
            extra += free.Count(subject => !scene.Animals.Any(animal => IsNear(animal, frame.Number, Centre(subject.Box))));
        }
        distances.Sort();
        return new FindingAccuracy(
            (double)distances.Count / wanted,
            distances.Count == 0 ? double.NaN : distances[distances.Count / 2],
            (double)near / wanted,
            tracks.Sum(counts => counts.Values.DefaultIfEmpty().Max()) / (double)wanted,
            (double)extra / frames.Count);
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"found {Found:P1}, median {Median:F2} px, within a tenth of the length {Near:P1}, "
        + $"identity {Identity:P1}, extra boxes a frame {Extra:F3}");

    private static bool IsNear(SyntheticAnimal animal, long frame, Vector2 point) =>
        animal.Path((int)frame) is { } place && Vector2.Distance(place, point) < 2 * animal.Length;

    private static Vector2 Centre(Box box) => new(box.X + (box.Width - 1) / 2, box.Y + (box.Height - 1) / 2);

    private static bool IsInside(SyntheticScene scene, Vector2 point) =>
        point.X > 0 && point.Y > 0 && point.X < scene.Width - 1 && point.Y < scene.Height - 1;
}
