using System.Numerics;

namespace KeypointMl.Poses.Tests;

/// <summary>The words of the protocols, transcribed slowly.</summary>
internal static class Literal
{
    public static double Error(Vector2[] predicted, Vector2[] truth, int[] scored)
    {
        double[] distances = [.. scored.Where(k => IsLabelled(truth[k])).Select(k => (double)Vector2.Distance(predicted[k], truth[k]))];
        return distances.Average();
    }

    /// <summary>Of the prediction and its exchange, the one that is nearer to the offline pose on the scored keypoints.</summary>
    public static Vector2[] Resolved(ProtocolSample sample, int[] scored)
    {
        Vector2[] swapped = Swapped(sample.Predicted);
        return scored.Average(k => Vector2.Distance(swapped[k], sample.Offline[k]))
            < scored.Average(k => Vector2.Distance(sample.Predicted[k], sample.Offline[k])) ? swapped : sample.Predicted;
    }

    public static Vector2[] Swapped(Vector2[] pose) => [pose[0], pose[2], pose[1], pose[4], pose[3], pose[5]];

    public static Vector2[] Scaled(Vector2[] pose, Vector2 scale) => [.. pose.Select(point => point * scale)];

    public static bool IsLabelled(Vector2 point) => float.IsFinite(point.X);

    /// <summary>The area under the share of errors within t, over t from 0 to the largest: 2,000 strips.</summary>
    public static double Integral(double[] errors, double largest) =>
        Enumerable.Range(0, 2000).Average(i => (double)errors.Count(error => error <= (i + 0.5) / 2000 * largest) / errors.Length);
}
