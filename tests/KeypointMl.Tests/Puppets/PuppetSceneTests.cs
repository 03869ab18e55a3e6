using System.Numerics;
using KeypointMl.Data.Puppets;
using KeypointMl.Data.Puppets.Motion;

namespace KeypointMl.Tests.Puppets;

[TestClass]
public sealed class PuppetSceneTests
{
    private const int Size = 128;
    private const int Frames = 24;

    private static IEnumerable<object[]> Actions => Enum.GetValues<PuppetAction>().Select(action => new object[] { action });

    [TestMethod]
    [DynamicData(nameof(Actions))]
    public void Every_action_moves_some_keypoint_relative_to_the_pelvis(PuppetAction action)
    {
        for (ulong number = 0; number < 20; number++)
        {
            var scene = new PuppetScene(5, number, action, Frames);
            float largest = 0;
            for (int k = 0; k < PuppetDataset.Skeleton.Count; k++)
            {
                Vector2[] track = [.. Enumerable.Range(0, Frames).Select(frame => Relative(scene.GetPose(frame, Size, Size), k))];
                largest = MathF.Max(largest, track.Max(a => track.Max(b => Vector2.Distance(a, b))));
            }
            Assert.IsGreaterThan(0.05f * Size, largest, $"{action}, scene {number}");
        }
    }

    [TestMethod]
    public void Any_two_actions_differ_in_the_poses_they_show()
    {
        Vector2[][] spreads = [.. Enum.GetValues<PuppetAction>().Select(SpreadOfPoses)];

        for (int i = 0; i < spreads.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                Assert.IsGreaterThan(0.01f * Size, spreads[i].Zip(spreads[j], Vector2.Distance).Max(),
                    $"{(PuppetAction)i} and {(PuppetAction)j}");
            }
        }
    }

    [TestMethod]
    public void Left_is_on_the_images_right_unless_people_turn_round()
    {
        double facing = FractionWithLeftOnTheRight(fullTurn: false);
        double turning = FractionWithLeftOnTheRight(fullTurn: true);

        Assert.IsGreaterThan(0.99, facing);
        Assert.IsTrue(turning is > 0.3 and < 0.7, $"{turning:P0} of all frames");
    }

    // A skirt hides the thighs, and patterns and crossing hands hide the difference now and then.
    [TestMethod]
    [DataRow("shoulder", "elbow", 0.95)]
    [DataRow("hip", "knee", 0.85)]
    public void Left_limbs_are_darker_than_right_ones(string upper, string lower, double leastFraction)
    {
        const int scenes = 60;
        int darker = 0;
        for (ulong number = 0; number < scenes; number++)
        {
            var scene = new PuppetScene(3, number, PuppetAction.Jump, Frames);
            (double left, double right) = (0, 0);
            byte[] image = new byte[Size * Size * 3];
            for (int frame = 0; frame < Frames; frame += 3)
            {
                scene.Render(frame, Size, Size, image);
                Vector2[] pose = scene.GetPose(frame, Size, Size);
                left += Brightness(image, pose[Index($"left_{upper}")], pose[Index($"left_{lower}")]);
                right += Brightness(image, pose[Index($"right_{upper}")], pose[Index($"right_{lower}")]);
            }
            if (left < 0.85 * right)
                darker++;
        }
        Assert.IsGreaterThanOrEqualTo(leastFraction, (double)darker / scenes);
    }

    [TestMethod]
    public void Joints_lie_on_the_figure_not_on_the_background()
    {
        // The same person on two backgrounds: where a pixel shows the person, it does not change with the background.
        int onFigure = 0;
        int joints = 0;
        byte[] plain = new byte[Size * Size * 3];
        byte[] cluttered = new byte[Size * Size * 3];
        for (ulong number = 0; number < 30; number++)
        {
            var scene = new PuppetScene(11, number, (PuppetAction)(number % 9), 8);
            var other = new PuppetScene(11, number, (PuppetAction)(number % 9), 8, clutter: true);
            for (int frame = 0; frame < 8; frame++)
            {
                scene.Render(frame, Size, Size, plain);
                other.Render(frame, Size, Size, cluttered);
                foreach (Vector2 joint in scene.GetPose(frame, Size, Size))
                {
                    int at = ((int)MathF.Round(joint.Y) * Size + (int)MathF.Round(joint.X)) * 3;
                    joints++;
                    if (plain.AsSpan(at, 3).SequenceEqual(cluttered.AsSpan(at, 3)))
                        onFigure++;
                }
            }
        }
        Assert.IsGreaterThan(0.999, (double)onFigure / joints);
    }

    [TestMethod]
    public void Wide_frames_keep_the_person_in_the_middle_square()
    {
        var scene = new PuppetScene(1, 4, PuppetAction.Kick, 1);

        Vector2[] square = scene.GetPose(0, 64, 64);
        Vector2[] wide = scene.GetPose(0, 96, 64);

        for (int k = 0; k < square.Length; k++)
            Assert.AreEqual(0, Vector2.Distance(square[k] + new Vector2(16, 0), wide[k]), 1e-3);
    }

    [TestMethod]
    public void Frame_outside_the_scene_is_refused()
    {
        var scene = new PuppetScene(1, 1, PuppetAction.Walk, 3);

        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => scene.GetPose(3, 64, 64));

        StringAssert.Contains(error.Message, "frames 0 to 2");
    }

    [TestMethod]
    public void Destination_too_short_is_refused()
    {
        var scene = new PuppetScene(1, 1, PuppetAction.Walk, 1);

        var error = Assert.ThrowsExactly<ArgumentException>(() => scene.Render(0, 16, 16, new byte[767]));

        StringAssert.Contains(error.Message, "takes 768 bytes; the destination has 767");
    }

    /// <summary>
    /// Per keypoint the standard deviation, in x and y, of its place relative to the pelvis, over many people doing the
    /// same.
    /// </summary>
    private static Vector2[] SpreadOfPoses(PuppetAction action)
    {
        Vector2[][] poses = [.. Enumerable.Range(0, 40)
            .Select(number => new PuppetScene(5, (ulong)number, action, Frames))
            .SelectMany(scene => Enumerable.Range(0, Frames).Select(frame => scene.GetPose(frame, Size, Size)))];
        var spread = new Vector2[PuppetDataset.Skeleton.Count];
        for (int k = 0; k < spread.Length; k++)
        {
            Vector2[] places = [.. poses.Select(pose => Relative(pose, k))];
            Vector2 mean = places.Aggregate(Vector2.Add) / places.Length;
            spread[k] = Vector2.SquareRoot(places.Select(place => (place - mean) * (place - mean)).Aggregate(Vector2.Add) / places.Length);
        }
        return spread;
    }

    private static double FractionWithLeftOnTheRight(bool fullTurn)
    {
        int count = 0;
        const int scenes = 90;
        for (int number = 0; number < scenes; number++)
        {
            var scene = new PuppetScene(2, (ulong)number, (PuppetAction)(number % 9), Frames, fullTurn);
            count += Enumerable.Range(0, Frames).Count(frame =>
            {
                Vector2[] pose = scene.GetPose(frame, Size, Size);
                return pose[Index("left_shoulder")].X > pose[Index("right_shoulder")].X;
            });
        }
        return (double)count / (scenes * Frames);
    }

    /// <summary>Mean brightness along the middle of a limb, away from its ends.</summary>
    private static double Brightness(byte[] image, Vector2 from, Vector2 to)
    {
        double sum = 0;
        for (int i = 0; i < 12; i++)
        {
            var point = Vector2.Lerp(from, to, 0.3f + 0.05f * i);
            int at = ((int)MathF.Round(point.Y) * Size + (int)MathF.Round(point.X)) * 3;
            sum += image[at] + image[at + 1] + image[at + 2];
        }
        return sum / 12;
    }

    private static Vector2 Relative(Vector2[] pose, int k) => pose[k] - pose[Index("pelvis")];

    private static int Index(string keypoint) => PuppetDataset.Skeleton.Keypoints.IndexOf(keypoint);
}
