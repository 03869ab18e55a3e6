using System.Collections.Immutable;
using System.Numerics;
using KeypointMl.Data;
using KeypointMl.Imaging.Images;
using KeypointMl.Poses.Metrics;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Reports;
using KeypointMl.Training.Runs;

namespace KeypointMl.Training.Tests;

/// <summary>A run's folder as training would leave it, with figures that no training made.</summary>
internal static class MadeUpRun
{
    public static RunFolder Create(string path)
    {
        Recipe recipe = Presets.Cpu64 with { Name = "made-up <run>", Data = new() { Manifest = "data-manifests/puppets.yaml" } };
        RunFolder run = RunFolder.Create(path, recipe);
        WriteLog(run);
        WriteMetrics(run);
        foreach (long step in new long[] { 50, 500, 1000, 2000 })
            Grid(step).Save(run.SamplePath(step));
        return run;
    }

    public static PictureGrid Grid(long step)
    {
        var grid = new PictureGrid(["input", "Φ(x)", "β(η(Φ(x)))", "x′", "reconstruction", "overlay"], 64, 64);
        var random = new SeededRandom(1, 2, (ulong)step);
        for (int row = 0; row < 3; row++)
        {
            float hue = random.Uniform(0, 6);
            float sharp = 0.02f + 4f / step;
            RgbImage scene = NetworkImages.FromColor(Scene(hue, 0.02f), 64, 64);
            RgbImage skeleton = NetworkImages.FromGray(Lines(sharp), 64, 64);
            grid.AddRow([scene, skeleton, NetworkImages.FromGray(Lines(0.03f), 64, 64), scene,
                NetworkImages.FromColor(Scene(hue, sharp), 64, 64), scene], $"video {row}, frame {row * 7}");
        }
        return grid;
    }

    private static float[] Scene(float hue, float softness)
    {
        float[] lines = Lines(softness);
        float[] values = new float[3 * 64 * 64];
        for (int i = 0; i < values.Length; i++)
        {
            int pixel = i % (64 * 64);
            float background = 0.3f * MathF.Sin(hue + i / (64 * 64) + pixel / 900f);
            float brightness = (lines[pixel] + 1) / 2;
            values[i] = background * (1 - brightness) + brightness * MathF.Cos(hue + 2 * (i / (64 * 64)));
        }
        return values;
    }

    private static float[] Lines(float softness)
    {
        (Vector2 From, Vector2 To)[] edges =
        [
            (new(0, -0.5f), new(0, 0.2f)), (new(0, -0.3f), new(-0.5f, 0.1f)), (new(0, -0.3f), new(0.5f, -0.6f)),
            (new(0, 0.2f), new(-0.3f, 0.8f)), (new(0, 0.2f), new(0.35f, 0.8f)),
        ];
        float[] values = new float[64 * 64];
        for (int i = 0; i < values.Length; i++)
        {
            var point = new Vector2(i % 64 / 31.5f - 1, i / 64 / 31.5f - 1);
            float distance = edges.Min(edge =>
            {
                Vector2 along = edge.To - edge.From;
                float t = Math.Clamp(Vector2.Dot(point - edge.From, along) / along.LengthSquared(), 0, 1);
                return Vector2.Distance(point, edge.From + t * along);
            });
            values[i] = 2 * MathF.Exp(-distance * distance / (2 * softness * softness + 0.002f)) - 1;
        }
        return values;
    }

    private static void WriteLog(RunFolder run)
    {
        using TrainingLog log = TrainingLog.Open(run.LogPath);
        var random = new SeededRandom(1, 1);
        for (int step = 10; step <= 700; step += 10)
        {
            log.Append(Entry(TrainingPhase.RegressorPretraining, step, step * 0.05,
                [("prior", 0.3 * Math.Exp(-step / 120.0) + 0.002 * (1 + 0.2 * random.Gaussian()))]));
        }
        for (int step = 5; step <= 2000; step += 5)
        {
            double noise = 1 + 0.06 * random.Gaussian();
            TrainingLogEntry entry = Entry(
                TrainingPhase.Training,
                step,
                35 + step * 0.31, // behind the pre-training
                [
                    ("reconstruction", noise * (0.4 + 0.6 * Math.Exp(-step / 300.0))),
                    ("adversarial", noise * (0.25 + 0.4 * Math.Exp(-step / 150.0))),
                    ("discriminator", noise * 0.22),
                    ("equivariance", noise * 3 * Math.Exp(-step / 400.0)),
                    ("regressor", noise * 0.01 * (1 + Math.Exp(-step / 500.0))),
                ]);
            log.Append(step % 250 == 0 ? entry with
            {
                Evaluation = Sorted([("error_percent_of_image", 2.4 + 8 * Math.Exp(-step / 420.0))]),
            } : entry);
        }
    }

    private static void WriteMetrics(RunFolder run)
    {
        string[] keypoints =
        [
            "head", "neck", "left shoulder", "left elbow", "left wrist", "right shoulder", "right elbow", "right wrist",
            "pelvis", "left hip", "left knee", "left ankle", "right hip", "right knee", "right ankle",
        ];
        var metrics = new KeypointMetrics
        {
            Protocol = "Synthetic puppets, test split: 60 videos of identities not seen in training; "
                + "mean distance in % of the image's size.",
            Frames = 1440,
            ErrorPercentOfImage = 2.47,
            NmePercent = null,
            NmeFrames = 0,
            Pck = new Dictionary<string, double> { ["0.05"] = 0.89, ["0.1"] = 0.981 },
            PerGroup = new Dictionary<string, double>
            {
                ["walking"] = 2.1,
                ["waving"] = 2.3,
                ["reaching"] = 2.6,
                ["squatting"] = 3.2,
                ["leaning"] = 2.4,
            },
            FlipMinErrorPercent = 2.4,
            CorrectlyOriented = 0.99,
            PerKeypoint = keypoints.Select((name, i) => (name, Error: 1.4 + 0.9 * ((i * 7) % 5) / 2))
                .ToDictionary(entry => entry.name, entry => entry.Error),
            PerKeypointGroup = new Dictionary<string, double> { ["torso"] = 1.7, ["arms"] = 3.1, ["legs"] = 2.4 },
            NonFinitePredictions = new Dictionary<string, int>(),
            Baselines = new Dictionary<string, BaselineMetrics>
            {
                ["mean_pose"] = new(10.8, null, new Dictionary<string, double>()),
                ["random_prior_pose"] = new(14.2, null, new Dictionary<string, double>()),
                ["own_mean_shape"] = new(5.1, null, new Dictionary<string, double> { ["torso"] = 2.9, ["arms"] = 7.2, ["legs"] = 5.6 }),
                ["supervised"] = new(1.81, null, new Dictionary<string, double>()),
            },
        };
        File.WriteAllText(run.MetricsPath, KeypointMetricsJson.ToJson(metrics));
    }

    private static TrainingLogEntry Entry(TrainingPhase phase, int step, double seconds, (string Name, double Value)[] losses) =>
        new() { Phase = phase, Step = step, Seconds = seconds, ImagesPerSecond = 51.6, Losses = Sorted(losses) };

    private static ImmutableSortedDictionary<string, double> Sorted((string Name, double Value)[] values) =>
        values.ToImmutableSortedDictionary(value => value.Name, value => value.Value);
}
