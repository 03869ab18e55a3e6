using System.Numerics;
using KeypointMl.Poses.Metrics;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Poses.Tests;

/// <summary>Random frames that protocols score, and evaluators of them.</summary>
internal static class ProtocolSamples
{
    public const int Width = 120;
    public const int Height = 90;
    public const int Seed = 5;

    // Sums of doubles over float distances of at most 150.
    public const double Tolerance = 1e-5;

    public static readonly Skeleton Skeleton = new("six", ["nose", "l_hand", "r_hand", "l_foot", "r_foot", "tail"], [], [(1, 2), (3, 4)]);

    public static KeypointEvaluator NewEvaluator(MetricProtocol protocol) => new(Skeleton, protocol, Width, Height);

    public static KeypointMetrics Evaluate(ProtocolSample[] samples, MetricProtocol protocol)
    {
        KeypointEvaluator evaluator = NewEvaluator(protocol);
        foreach (ProtocolSample sample in samples)
            evaluator.Add(sample.Predicted, sample.Truth, new FrameContext(sample.Group, sample.Video, sample.Scale, sample.Offline));
        return evaluator.Compute(seed: Seed);
    }

    /// <summary>
    /// 90 frames of 9 videos of 3 activities of unequal length; a third of the predictions exchanged, a tenth of the
    /// points not labelled.
    /// </summary>
    public static ProtocolSample[] Samples()
    {
        var random = new Random(17);
        var samples = new List<ProtocolSample>();
        for (int frame = 0; frame < 90; frame++)
        {
            Vector2[] truth = [.. Enumerable.Range(0, 6)
                .Select(_ => new Vector2(random.NextSingle() * Width, random.NextSingle() * Height))];
            Vector2[] near = [.. truth.Select(point => point + Noise(6))];
            Vector2[] offline = [.. truth.Select(point => point + Noise(25))];
            for (int k = 0; k < 6; k++)
            {
                if (k != frame % 6 && random.NextDouble() < 0.1)
                    truth[k] = new Vector2(float.NaN);
            }
            int video = (int)(9 * Math.Pow(frame / 90.0, 1.5));
            samples.Add(new ProtocolSample(frame % 3 == 0
                ? Literal.Swapped(near)
                : near, truth, offline, $"activity {video % 3}", $"video {video}",
                new Vector2(1 + random.NextSingle(), 2 + random.NextSingle())));
        }
        return [.. samples];

        Vector2 Noise(float size) => new((random.NextSingle() - 0.5f) * size, (random.NextSingle() - 0.5f) * size);
    }
}

/// <summary>A frame with all that a protocol scores it by.</summary>
internal sealed record ProtocolSample(Vector2[] Predicted, Vector2[] Truth, Vector2[] Offline, string Group, string Video, Vector2 Scale);
