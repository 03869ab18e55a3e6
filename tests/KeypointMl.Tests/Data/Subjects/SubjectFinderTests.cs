using System.Numerics;
using KeypointMl.Imaging.Images;
using KeypointMl.Imaging.Subjects;
using KeypointMl.Imaging.Video;

namespace KeypointMl.Tests.Data.Subjects;

/// <summary>
/// Videos whose truth is known, each with one difficulty; nothing is tuned to any of them. Their figures are in
/// docs/your-own-video.md.
/// </summary>
[TestClass]
public sealed class SubjectFinderTests
{
    [TestMethod]
    [DataRow("one dark animal on light ground", 0.99, 0.95, 0.95)]
    [DataRow("one light animal on dark ground", 0.99, 0.95, 0.95)]
    [DataRow("mouse on a white floor, 640×480", 0.99, 0.95, 0.95)]
    [DataRow("strong noise", 0.97, 0.9, 0.95)]
    [DataRow("light that changes", 0.97, 0.9, 0.95)]
    [DataRow("shadow", 0.97, 0.8, 0.95)]
    [DataRow("two that wander across each other", 0.97, 0.95, 0.95)]
    [DataRow("the same, their number given", 0.97, 0.95, 0.95)]
    [DataRow("two that rest side by side, touching", 0.97, 0.95, 0.95)]
    [DataRow("two that cross", 0.97, 0.9, 0.95)]
    [DataRow("five", 0.97, 0.9, 0.9)]
    [DataRow("one that rests for three quarters", 0.99, 0.95, 0.95)]
    [DataRow("one of two rests for nine tenths", 0.97, 0.9, 0.95)]
    [DataRow("a dark one and a light one", 0.97, 0.9, 0.95)]
    public void Scene_of_known_truth_is_found(string name, double leastFound, double leastNear, double leastIdentity)
    {
        (SyntheticScene scene, int? count) = SyntheticScenes.All[name];

        var accuracy = FindingAccuracy.Of(scene, Find(scene, count));

        Console.WriteLine($"{name}: {accuracy}");
        Assert.IsGreaterThanOrEqualTo(leastFound, accuracy.Found, accuracy.ToString());
        Assert.IsGreaterThanOrEqualTo(leastNear, accuracy.Near, accuracy.ToString());
        Assert.IsGreaterThanOrEqualTo(leastIdentity, accuracy.Identity, accuracy.ToString());
        Assert.IsLessThan(0.02, accuracy.Extra, accuracy.ToString());
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(null)]
    public void Animal_that_moves_further_than_its_box_in_a_frame_is_found(int? count)
    {
        // 18×8 pixels, 25 a frame, from wall to wall and back; new tracks may begin where it turns round.
        static float Bounce(int way, int reach) => Math.Abs(way % (2 * reach) - reach) + 20;
        var runner = new SyntheticAnimal(9, 4, 60, frame => new(Bounce(23 * frame, 600), Bounce(10 * frame, 320)));
        var scene = new SyntheticScene(640, 360, 120, [runner]);

        var accuracy = FindingAccuracy.Of(scene, Find(scene, count));

        Console.WriteLine(accuracy);
        Assert.IsGreaterThanOrEqualTo(0.8, accuracy.Found, accuracy.ToString());
        Assert.IsLessThan(0.05, accuracy.Extra, accuracy.ToString());
    }

    [TestMethod]
    public void Empty_stretches_have_no_boxes_and_are_told()
    {
        (SyntheticScene scene, _) = SyntheticScenes.All["empty stretches"];

        FoundFrame[] frames = [.. Find(scene, count: null)];

        Console.WriteLine($"empty stretches: {FindingAccuracy.Of(scene, frames)}");
        Assert.IsTrue(frames.Where(frame => frame.Number is > 62 and < 130 or > 202).All(frame => frame.Subjects.Count == 0));
        Assert.IsTrue(frames.Where(frame => frame.Number is < 60 or >= 130 and < 200).All(frame => frame.Subjects.Count == 1));
        CollectionAssert.AreEqual(
            new[] { SubjectEventKind.Begun, SubjectEventKind.Lost, SubjectEventKind.Ended, SubjectEventKind.Begun, SubjectEventKind.Lost },
            frames.SelectMany(frame => frame.Events).Select(happened => happened.Kind).ToArray());
    }

    [TestMethod]
    public void Touching_animals_are_told_to_merge_and_to_separate()
    {
        (SyntheticScene scene, int? count) = SyntheticScenes.All["two that rest side by side, touching"];

        SubjectEvent[] events = [.. Find(scene, count).SelectMany(frame => frame.Events)];

        Assert.AreEqual(2, events.Count(happened => happened.Kind == SubjectEventKind.Begun));
        Assert.IsTrue(events.Any(happened => happened is { Kind: SubjectEventKind.Merged, Track: 0, Other: 1, Frame: > 70 and < 100 }));
        Assert.IsTrue(events.Any(happened => happened is { Kind: SubjectEventKind.Separated, Track: 0, Other: 1, Frame: > 140 and < 175 }));
    }

    [TestMethod]
    public void Box_holds_the_animal_and_a_given_size_is_kept()
    {
        (SyntheticScene scene, _) = SyntheticScenes.All["one dark animal on light ground"];

        SubjectFinder learnt = Learn(scene, new SubjectFinderOptions());
        SubjectFinder given = Learn(scene, new SubjectFinderOptions { Size = 51 });

        Assert.IsGreaterThan(2 * 18f, learnt.Size);
        Assert.IsLessThan(5 * 18f, learnt.Size);
        Assert.AreEqual("darker", learnt.Contrast);
        FoundSubject[] subjects = [.. given.Find(scene.Video()).Take(20).SelectMany(frame => frame.Subjects)];
        Assert.HasCount(20, subjects);
        Assert.IsTrue(subjects.All(subject => subject.Box is { Width: 51, Height: 51 }));
    }

    [TestMethod]
    public void Every_frame_comes_once_and_in_order()
    {
        SyntheticScene scene = SyntheticScenes.Arena(SyntheticScenes.Wanderer) with { Frames = 30 };

        long[] numbers = [.. Find(scene, count: 1).Select(frame => frame.Number)];

        CollectionAssert.AreEqual(Enumerable.Range(0, 30).Select(i => (long)i).ToArray(), numbers);
    }

    [TestMethod]
    public void Camera_that_moves_is_told()
    {
        SyntheticScene still = SyntheticScenes.Arena(SyntheticScenes.Wanderer) with { Pattern = 40, Floor = 150 };
        SyntheticScene scene = still with { CameraStep = new(1.3f, 0.4f) };

        Assert.Contains("the camera moves", LearningFails(scene));
    }

    [TestMethod]
    public void Scene_in_which_nothing_moves_is_told() => Assert.Contains("nothing moves", LearningFails(SyntheticScenes.Arena()));

    [TestMethod]
    public void Subject_that_fills_the_frame_is_told()
    {
        static Vector2? Nod(int frame) => new(160 + 25 * MathF.Sin(frame / 4f), 120 + 60 * MathF.Sin(frame / 7f));
        var face = new SyntheticAnimal(190, 150, 60, Nod);

        Assert.Contains("fills the frame", LearningFails(SyntheticScenes.Arena(face)));
    }

    [TestMethod]
    public void Too_few_frames_are_told()
    {
        Assert.Contains("it has no frames", LearningFails(SyntheticScenes.Arena(SyntheticScenes.Wanderer) with { Frames = 0 }));
        Assert.Contains("it has 1 frame;", LearningFails(SyntheticScenes.Arena(SyntheticScenes.Wanderer) with { Frames = 1 }));
    }

    [TestMethod]
    public void Frame_of_another_size_is_refused()
    {
        SyntheticScene scene = SyntheticScenes.Arena(SyntheticScenes.Wanderer);
        SubjectFinder finder = Learn(scene, new SubjectFinderOptions());

        var error = Assert.ThrowsExactly<InvalidDataException>(() => finder.Find([new VideoFrame(0, new RgbImage(64, 64))]).ToList());

        Assert.Contains("64×64, not 320×240", error.Message);
    }

    [TestMethod]
    public void Options_out_of_range_are_refused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new SubjectFinderOptions { Count = 0 });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new SubjectFinderOptions { Size = 3 });
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new SubjectFinderOptions { MaxGap = -1 });
    }

    private static string LearningFails(SyntheticScene scene) =>
        Assert.ThrowsExactly<InvalidDataException>(() => Learn(scene, new SubjectFinderOptions())).Message;

    private static SubjectFinder Learn(SyntheticScene scene, SubjectFinderOptions options)
    {
        int step = Math.Max(1, scene.Frames / 61);
        return SubjectFinder.Learn(Enumerable.Range(0, (scene.Frames + step - 1) / step).Select(i => scene.Draw(i * step)), options);
    }

    private static List<FoundFrame> Find(SyntheticScene scene, int? count) =>
        [.. Learn(scene, new SubjectFinderOptions { Count = count }).Find(scene.Video())];
}
