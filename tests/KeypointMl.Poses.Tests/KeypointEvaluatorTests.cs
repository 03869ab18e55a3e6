using System.Numerics;
using System.Text.Json.Nodes;
using KeypointMl.Poses.Metrics;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Poses.Tests;

[TestClass]
public sealed class KeypointEvaluatorTests
{
    // Metrics are sums of doubles over float coordinates of at most 100: good to about 1e-5.
    private const double Tolerance = 1e-4;

    private static readonly Skeleton Pair = new(
        "pair", ["left", "right", "nose"], [new SkeletonEdge(0, 1)], [(0, 1)], [new KeypointGroup("eyes", [0, 1])]);
    private static readonly Vector2[] Truth = [new(10, 10), new(30, 10), new(20, 30)];
    private static readonly Vector2 NaN = new(float.NaN);

    [TestMethod]
    public void Error_is_the_mean_distance_in_percent_of_the_longer_side()
    {
        KeypointEvaluator evaluator = NewEvaluator(width: 100, height: 50);
        evaluator.Add([new(13, 14), new(30, 10), new(20, 31)], Truth); // distances 5, 0, 1

        KeypointMetrics metrics = evaluator.Compute();

        Assert.AreEqual(2.0, metrics.ErrorPercentOfImage, Tolerance);
        Assert.AreEqual(1, metrics.Frames);
        Assert.AreEqual(5.0, metrics.PerKeypoint["left"], Tolerance);
        Assert.AreEqual(2.5, metrics.PerKeypointGroup["eyes"], Tolerance);
        Assert.AreEqual(1.0, metrics.Pck["0.05"], Tolerance); // 5 pixels is within 5 % of 100.
        Assert.IsNull(metrics.NmePercent);
        Assert.IsEmpty(metrics.PerGroup);
    }

    [TestMethod]
    public void Error_is_averaged_within_frames_first_and_skips_unlabelled_points()
    {
        KeypointEvaluator evaluator = NewEvaluator();
        evaluator.Add([new(14, 10), new(34, 10), new(24, 30)], Truth); // mean 4
        evaluator.Add([new(20, 10), Vector2.Zero, Vector2.Zero], [Truth[0], NaN, NaN]); // mean 10, one point
        evaluator.Add(Truth, [NaN, NaN, NaN]); // does not count

        KeypointMetrics metrics = evaluator.Compute();

        Assert.AreEqual(7.0, metrics.ErrorPercentOfImage, Tolerance);
        Assert.AreEqual(2, metrics.Frames);
        Assert.AreEqual(3.0 / 4, metrics.Pck["0.05"], Tolerance);
        Assert.AreEqual(7.0, metrics.PerKeypoint["left"], Tolerance);
        Assert.AreEqual(4.0, metrics.PerKeypoint["nose"], Tolerance);
    }

    [TestMethod]
    public void Offline_pose_is_copied()
    {
        KeypointEvaluator evaluator = NewEvaluator();
        Vector2[] offline = [.. Truth];
        evaluator.Add([Truth[1], Truth[0], Truth[2]], Truth, new FrameContext(OfflinePose: offline));

        (offline[0], offline[1]) = (offline[1], offline[0]);

        Assert.AreEqual(0, evaluator.Compute().FlipResolvedErrorPercent!.Value, Tolerance);
    }

    [TestMethod]
    [DataRow(false, 4.0)] // frames: (2 + 2 + 8) / 3
    [DataRow(true, 5.0)] // groups: (2 + 8) / 2
    public void Error_follows_the_protocol_over_frames_or_groups(bool meanOfGroups, double expected)
    {
        KeypointEvaluator evaluator = NewEvaluator(meanOfGroups: meanOfGroups);
        evaluator.Add(Shifted(2), Truth, "walk");
        evaluator.Add(Shifted(2), Truth, "walk");
        evaluator.Add(Shifted(8), Truth, "sit");

        KeypointMetrics metrics = evaluator.Compute();

        Assert.AreEqual(expected, metrics.ErrorPercentOfImage, Tolerance);
        Assert.AreEqual(2.0, metrics.PerGroup["walk"], Tolerance);
        Assert.AreEqual(8.0, metrics.PerGroup["sit"], Tolerance);
    }

    [TestMethod]
    public void Nme_divides_by_the_true_distance_of_the_two_keypoints()
    {
        KeypointEvaluator evaluator = NewEvaluator(normalizing: (0, 1));
        evaluator.Add(Shifted(5), Truth); // 5 of 20
        evaluator.Add(Shifted(50), [Truth[0], NaN, Truth[2]]); // no unit

        KeypointMetrics metrics = evaluator.Compute();

        Assert.AreEqual(25.0, metrics.NmePercent!.Value, Tolerance);
        Assert.AreEqual(1, metrics.NmeFrames);
    }

    [TestMethod]
    public void Flip_min_forgives_exchanged_sides_and_orientation_counts_them()
    {
        KeypointEvaluator evaluator = NewEvaluator();
        evaluator.Add([Truth[1], Truth[0], Truth[2]], Truth);
        evaluator.Add(Truth, Truth);

        KeypointMetrics metrics = evaluator.Compute();

        Assert.AreEqual(20.0 / 3, metrics.ErrorPercentOfImage, Tolerance); // (40/3 + 0) / 2
        Assert.AreEqual(0.0, metrics.FlipMinErrorPercent, Tolerance);
        Assert.AreEqual(0.5, metrics.CorrectlyOriented, Tolerance);
    }

    [TestMethod]
    public void Prediction_that_is_not_finite_counts_as_the_whole_image_and_is_named()
    {
        KeypointEvaluator evaluator = NewEvaluator();
        evaluator.Add([NaN, Truth[1], new(float.PositiveInfinity, 0)], [Truth[0], Truth[1], NaN]);

        KeypointMetrics metrics = evaluator.Compute();

        Assert.AreEqual(50.0, metrics.ErrorPercentOfImage, Tolerance);
        Assert.AreEqual(0.5, metrics.Pck["0.1"], Tolerance);
        Assert.AreEqual(1, metrics.NonFinitePredictions["left"]);
        Assert.HasCount(1, metrics.NonFinitePredictions);
    }

    [TestMethod]
    public void Prior_baselines_predict_their_mean_and_random_members()
    {
        KeypointEvaluator evaluator = NewEvaluator();
        for (int i = 0; i < 50; i++)
            evaluator.Add(Truth, Truth);

        KeypointMetrics metrics = evaluator.Compute([Shifted(4), Shifted(-4)], seed: 7);

        Assert.AreEqual(0.0, metrics.Baselines["mean_pose"].ErrorPercentOfImage, Tolerance);
        Assert.AreEqual(4.0, metrics.Baselines["random_prior_pose"].ErrorPercentOfImage, Tolerance);
        Assert.ThrowsExactly<ArgumentException>(() => evaluator.Compute([[Vector2.Zero]]));
    }

    [TestMethod]
    public void Own_mean_shape_of_similar_poses_is_exact_and_of_articulated_ones_is_not()
    {
        KeypointEvaluator rigid = NewEvaluator();
        KeypointEvaluator articulated = NewEvaluator();
        for (int i = 0; i < 8; i++)
        {
            Matrix3x2 move = Matrix3x2.CreateRotation(i * 0.7f) * Matrix3x2.CreateScale(1 + 0.1f * i)
                * Matrix3x2.CreateTranslation(3 * i, -i);
            Vector2[] pose = Array.ConvertAll(Truth, point => Vector2.Transform(point, move));
            rigid.Add(pose, pose);
            pose = [pose[0], pose[1], pose[2] + new Vector2(i % 2 * 20, 0)];
            articulated.Add(pose, pose);
        }

        // 1e-3: the transform is fitted to float coordinates of about 100.
        Assert.AreEqual(0.0, rigid.Compute().Baselines["own_mean_shape"].ErrorPercentOfImage, 1e-3);
        Assert.IsGreaterThan(1.0, articulated.Compute().Baselines["own_mean_shape"].ErrorPercentOfImage);
    }

    [TestMethod]
    public void Json_has_the_keys_of_the_contract()
    {
        KeypointEvaluator evaluator = NewEvaluator(normalizing: (0, 1));
        evaluator.Add(Shifted(6.1f), Truth, "walk");

        JsonObject json = JsonNode.Parse(KeypointMetricsJson.ToJson(evaluator.Compute([Truth])))!.AsObject();

        Assert.AreEqual(6.1, json["error_percent_of_image"]!.GetValue<double>(), Tolerance);
        Assert.AreEqual(30.5, json["nme_percent"]!.GetValue<double>(), Tolerance);
        Assert.AreEqual(0.0, json["pck"]!["0.05"]!.GetValue<double>(), Tolerance);
        Assert.AreEqual(1.0, json["pck"]!["0.1"]!.GetValue<double>(), Tolerance);
        Assert.AreEqual(6.1, json["per_group"]!["walk"]!.GetValue<double>(), Tolerance);
        Assert.AreEqual(6.1, json["flip_min_error_percent"]!.GetValue<double>(), Tolerance);
        Assert.AreEqual(1, json["frames"]!.GetValue<int>());
        Assert.AreEqual(0.0, json["baselines"]!["mean_pose"]!.GetValue<double>(), Tolerance);
        Assert.AreEqual(0.0, json["baselines"]!["random_prior_pose"]!.GetValue<double>(), Tolerance);
        Assert.AreEqual(1, json["keypoint_table"]!["nose"]!["frames"]!.GetValue<int>());
        Assert.IsNull(json["confidence_intervals"], "one frame tells nothing of others");
        Assert.IsNull(json["source_error_px"]);
        Assert.IsNull(json["flip_resolved_error_percent"]);
        Assert.Contains("\"error_percent_of_image\": 6.1,", KeypointMetricsJson.ToJson(evaluator.Compute()));
        evaluator.Add(Shifted(6.1f), Truth, "walk");
        JsonNode ofTwo = JsonNode.Parse(KeypointMetricsJson.ToJson(evaluator.Compute()))!["confidence_intervals"]!;
        Assert.AreEqual(6.1, ofTwo["error_percent_of_image"]![1]!.GetValue<double>(), Tolerance);
    }

    [TestMethod]
    public void Add_and_Compute_refuse_what_cannot_be_measured()
    {
        KeypointEvaluator evaluator = NewEvaluator();

        Assert.ThrowsExactly<InvalidOperationException>(() => evaluator.Compute());
        var error = Assert.ThrowsExactly<ArgumentException>(() => evaluator.Add([Vector2.Zero], Truth));
        Assert.Contains("Frame 0: 1 predicted and 3 true points", error.Message);
        Assert.ThrowsExactly<ArgumentException>(() => NewEvaluator(normalizing: (0, 3)));
    }

    private static Vector2[] Shifted(float by) => Array.ConvertAll(Truth, point => point + new Vector2(by, 0));

    private static KeypointEvaluator NewEvaluator(
        int width = 100, int height = 100, bool meanOfGroups = false, (int, int)? normalizing = null) =>
        new(Pair, new MetricProtocol(normalizing, "test", meanOfGroups), width, height);
}
