using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Poses.Tests;

[TestClass]
public sealed class SkeletonTests
{
    private static IEnumerable<object[]> Wrong() =>
    [
        [() => new Skeleton("s", [], []), "Skeleton 's' has no keypoints; at least one is needed."],
        [() => new Skeleton("s", ["a", " "], []), "Skeleton 's' has a keypoint without a name."],
        [() => new Skeleton("s", ["a", "b"], [], [(2, 0)]), "a symmetric pair refers to keypoint 2; indices are 0 to 1"],
        [() => new Skeleton("s", ["a", "b"], [], [(0, 2)]), "a symmetric pair refers to keypoint 2; indices are 0 to 1"],
        [() => new Skeleton("s", ["a", "b"], [], [(0, -1)]), "a symmetric pair refers to keypoint -1"],
        [() => new Skeleton("s", ["a", "b", "c"], [], [(0, 1), (2, 1)]), "keypoint 'c' or 'b' is in two symmetric pairs"],
        [() => new Skeleton("s", ["a", "b", "c"], [], [(0, 1), (1, 2)]), "keypoint 'b' or 'c' is in two symmetric pairs"],
        [() => new Skeleton("s", ["a", "b"], [], [(1, 1)]), "keypoint 'b' or 'b' is in two symmetric pairs, or paired with itself"],
        [() => new Skeleton("s", ["a", "b"], [], [], [new KeypointGroup("legs", [2])]), "group 'legs' refers to keypoint 2"],
    ];

    [TestMethod]
    [DynamicData(nameof(Wrong))]
    public void Skeleton_that_contradicts_itself_is_refused(Func<Skeleton> make, string expected) =>
        Assert.Contains(expected, Assert.ThrowsExactly<ArgumentException>(make).Message);
}
