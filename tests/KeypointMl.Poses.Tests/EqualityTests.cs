using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Poses.Tests;

/// <summary>Records that hold lists are equal by what is in them, and differ in every part.</summary>
[TestClass]
public sealed class EqualityTests
{
    [TestMethod]
    public void Normalization_differs_in_every_part()
    {
        var all = Full();
        AssertDiffers(Full,
        [
            all with { Origin = PoseOrigin.Box }, all with { OriginKeypoints = ["a", "x"] }, all with { Unit = PoseUnit.Box },
            all with { LengthFrom = ["x"] }, all with { LengthTo = ["x"] }, all with { UprightFrom = "x" },
            all with { UprightTo = "x" }, null,
        ]);

        static PoseNormalization Full() => new()
        {
            Origin = PoseOrigin.Keypoints,
            OriginKeypoints = ["a", "b"],
            Unit = PoseUnit.Length,
            LengthFrom = ["a"],
            LengthTo = ["b"],
            UprightFrom = "a",
            UprightTo = "b",
        };
    }

    [TestMethod]
    public void Skeleton_differs_in_every_part() => AssertDiffers(() => Of("s", "b", 1, 1, 1),
        [Of("t", "b", 1, 1, 1), Of("s", "x", 1, 1, 1), Of("s", "b", 0, 1, 1), Of("s", "b", 1, 2, 1), Of("s", "b", 1, 1, 0), null]);

    [TestMethod]
    public void Edge_differs_in_both_ends() => AssertDiffers(() => new SkeletonEdge([0, 1], [2]),
        [new SkeletonEdge([0, 2], [2]), new SkeletonEdge([0, 1], [1]), null]);

    [TestMethod]
    public void Group_differs_in_name_and_keypoints() => AssertDiffers(() => new KeypointGroup("g", [0, 1]),
        [new KeypointGroup("h", [0, 1]), new KeypointGroup("g", [0, 2]), null]);

    private static Skeleton Of(string name, string keypoint, int edge, int pair, int group) =>
        new(name, ["a", keypoint, "c"], [new SkeletonEdge(0, edge)], [(0, pair)], [new KeypointGroup("g", [group])]);

    private static void AssertDiffers<T>(Func<T> made, T?[] others)
        where T : class
    {
        Assert.AreEqual(made(), made());
        Assert.AreEqual(made().GetHashCode(), made().GetHashCode());
        foreach (T? other in others)
            Assert.AreNotEqual(made(), other);
    }
}
