using System.Numerics;
using KeypointMl.Data.Priors.Building;
using KeypointMl.Data.Priors.Drawing;

namespace KeypointMl.Tests.Data.Priors;

[TestClass]
public sealed class TemplateDrawingTests
{
    private const string Mouse = """
        skeleton:
          name: mouse
          keypoints: [nose, neck, tail, pawL, pawR]
          edges: [[neck, nose], [neck, tail], [neck, pawL], [neck, pawR]]
          symmetric: [[pawL, pawR]]
        poses:
          - { nose: [100, 20], neck: [100, 50], tail: [100, 150], pawL: [120, 60], pawR: [80, 60] }
        root: neck
        angle: 10
        length: 5
        scale: 0
        joints:
          - { edge: [neck, nose], angle: [-40, 0], length: 0 }
          - { edge: [pawL, neck], angle: [10, 30], length: 20 }
        """;

    [TestMethod]
    public void Joints_turn_and_bones_stretch_within_their_ranges_both_sides_alike()
    {
        using var folder = new TemporaryFolder();
        PoseTemplate template = PoseTemplate.Load(folder.Write("mouse.yaml", Mouse));

        BuiltPrior drawn = TemplateDrawing.Draw(template, 500, seed: 3);

        float unit = 0.7f * 128 / 130; // nose to tail are 130
        foreach (Vector2[] pose in drawn.Prior.Poses)
        {
            Assert.AreEqual(30 * unit, Vector2.Distance(pose[0], pose[1]), 0.01f);
            Assert.IsInRange(95 * unit - 0.01f, 105 * unit + 0.01f, Vector2.Distance(pose[1], pose[2]));
            Assert.AreEqual(Vector2.Distance(pose[1], pose[3]), Vector2.Distance(pose[1], pose[4]), 0.01f);
            Assert.IsInRange(-40.01f, 0.01f, Turned(pose, template, 0));
            Assert.IsInRange(-10.01f, 10.01f, Turned(pose, template, 2));
            Assert.IsInRange(9.99f, 30.01f, Turned(pose, template, 3));
            Assert.IsInRange(-30.01f, -9.99f, Turned(pose, template, 4));
            Assert.IsTrue(pose.All(point => point is { X: >= 0 and <= 127, Y: >= 0 and <= 127 }));
        }
        // The ranges are used up to their ends.
        Assert.IsLessThan(-35f, drawn.Prior.Poses.Min(pose => Turned(pose, template, 0)));
        Assert.IsGreaterThan(-5f, drawn.Prior.Poses.Max(pose => Turned(pose, template, 0)));
    }

    [TestMethod]
    public void Bones_carry_what_hangs_on_them()
    {
        using var folder = new TemporaryFolder();
        PoseTemplate template = PoseTemplate.Load(folder.Write("arm.yaml", """
            skeleton: { name: arm, keypoints: [shoulder, elbow, hand], edges: [[shoulder, elbow], [elbow, hand]] }
            poses: [{ shoulder: [0, 0], elbow: [10, 0], hand: [20, 0] }]
            root: shoulder
            angle: 0
            length: 0
            scale: 0
            joints: [{ edge: [shoulder, elbow], angle: [90, 90] }]
            """));

        Vector2[] pose = TemplateDrawing.Draw(template, 1, seed: 1).Prior.Poses[0];

        // Clockwise in the picture: from right to down, the hand with it.
        float unit = 0.7f * 128 / 20;
        Assert.AreEqual(new Vector2(0, 10 * unit).Y, pose[1].Y - pose[0].Y, 0.01f);
        Assert.AreEqual(20 * unit, pose[2].Y - pose[0].Y, 0.01f);
        Assert.AreEqual(0, pose[2].X - pose[0].X, 0.01f);
    }

    [TestMethod]
    public void Same_seed_draws_the_same_and_another_seed_others()
    {
        using var folder = new TemporaryFolder();
        PoseTemplate template = PoseTemplate.Load(folder.Write("mouse.yaml", Mouse)) with { HeadingDegrees = 180 };
        (string one, string same, string other) = (folder["1.csv"], folder["2.csv"], folder["3.csv"]);

        TemplateDrawing.Draw(template, 50, seed: 1).Write(one);
        TemplateDrawing.Draw(template, 50, seed: 1).Write(same);
        TemplateDrawing.Draw(template, 50, seed: 2).Write(other);

        Assert.AreEqual(File.ReadAllText(one), File.ReadAllText(same));
        Assert.AreNotEqual(File.ReadAllText(one), File.ReadAllText(other));
    }

    [TestMethod]
    public void Poses_of_a_csv_file_are_a_template_and_lie_anywhere_when_asked()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write(
            "poses.csv", "nose_x,nose_y,neck_x,neck_y,tail_x,tail_y\n100,20,100,50,100,150\n,,1,1,2,2\n100,20,100,40,100,150\n");
        PoseTemplate template = PoseTemplate.Load(path) with { HeadingDegrees = 180, Symmetric = false };

        BuiltPrior drawn = TemplateDrawing.Draw(template, 400, seed: 1);

        Assert.HasCount(2, template.Poses);
        Assert.AreEqual("nose", template.Skeleton.Keypoints[0]);
        // Heads in every quarter.
        Assert.HasCount(4, drawn.Prior.Poses.Select(pose => (pose[0].X > pose[2].X, pose[0].Y > pose[2].Y)).Distinct().ToArray());
        Assert.HasCount(2, drawn.Ids.Distinct().ToArray());
    }

    [TestMethod]
    public void All_mistakes_of_a_template_are_listed()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("mouse.yaml",
            Mouse.Replace("root: neck", "root: nek").Replace("edge: [neck, nose]", "edges: [neck, nose]").Replace("angle: [-40, 0]", "angle: [0, -40]"));

        string message = Assert.ThrowsExactly<InvalidDataException>(() => PoseTemplate.Load(path)).Message;

        Assert.Contains("mouse.yaml has 4 problems:\n", message);
        Assert.Contains("'root' is 'nek'; expected a keypoint: nose, neck, ", message);
        Assert.Contains("Did you mean 'neck'?\n", message);
        Assert.Contains("'joints[0]' lacks the key 'edge'.\n", message);
        Assert.Contains("unknown key 'edges' in 'joints[0]'; the keys are edge, angle, length. Did you mean 'edge'?", message);
        Assert.Contains("'joints[0].angle' is a list; expected ± degrees, or [low, high] with low ≤ high.", message);
    }

    [TestMethod]
    [DataRow("poses: [{}]", "mouse.yaml:1:8: 'poses' is a list; expected { name: [x, y], … } with at least one keypoint")]
    [DataRow("poses: [{ a: [1, 1], b: [1, 1] }]", "mouse.yaml: pose 0 has all keypoints in one place")]
    public void Pose_of_no_extent_is_refused_by_its_file(string text, string expected)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("mouse.yaml", text + "\n");

        var error = Assert.ThrowsExactly<InvalidDataException>(
            () => TemplateDrawing.Draw(PoseTemplate.Load(path), 10, seed: 1));

        Assert.Contains(expected, error.Message);
    }

    [TestMethod]
    [DataRow("edge: [neck, nose]", "edge: [tail, nose]", "tail-nose is no bone. The bones are neck-nose, neck-tail, neck-pawL, neck-pawR.")]
    [DataRow("edge: [neck, nose]", "edge: [neck, snout]", "mouse.yaml:13:20: 'joints[0].edge[1]' is 'snout'; expected a keypoint: nose, neck")]
    [DataRow("angle: [-40, 0]", "angle: [0, -40]", "expected ± degrees, or [low, high] with low ≤ high")]
    [DataRow("nose: [100, 20], ", "", "lacks the key 'nose'")]
    [DataRow("root: neck", "top: neck", "unknown key 'top'")]
    public void Template_that_cannot_be_drawn_is_refused(string good, string bad, string expected)
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(good, Mouse);
        string path = folder.Write("mouse.yaml", Mouse.Replace(good, bad));

        var error = Assert.ThrowsExactly<InvalidDataException>(
            () => TemplateDrawing.Draw(PoseTemplate.Load(path), 10, seed: 1));

        Assert.Contains(expected, error.Message);
    }

    [TestMethod]
    public void Template_that_is_larger_than_the_crop_is_refused_with_what_to_do()
    {
        using var folder = new TemporaryFolder();
        PoseTemplate template = PoseTemplate.Load(folder.Write("mouse.yaml", Mouse)) with { Fill = 1.4f };

        var error = Assert.ThrowsExactly<InvalidDataException>(() => TemplateDrawing.Draw(template, 10, seed: 1));

        Assert.Contains(
            "of 500 drawn poses only 0 lie in the 128×128 crop. Draw them smaller (fill), or narrow the ranges.", error.Message);
    }

    // By how many degrees the bone to a keypoint is turned against the template.
    private static float Turned(Vector2[] pose, PoseTemplate template, int keypoint)
    {
        (Vector2 now, Vector2 then) = (pose[keypoint] - pose[1], template.Poses[0][keypoint] - template.Poses[0][1]);
        return MathF.Atan2(then.X * now.Y - then.Y * now.X, Vector2.Dot(now, then)) * (180 / MathF.PI);
    }
}
