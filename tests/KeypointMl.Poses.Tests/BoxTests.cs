using KeypointMl.Poses.Geometry;

namespace KeypointMl.Poses.Tests;

[TestClass]
public sealed class BoxTests
{
    [TestMethod]
    [DataRow(0f, 0f, true)]
    [DataRow(99f, 0f, true)]
    [DataRow(100f, 0f, false)]
    [DataRow(101f, 0f, false)]
    [DataRow(0f, 49f, true)]
    [DataRow(0f, 50f, false)]
    [DataRow(0f, 51f, false)]
    [DataRow(-9f, 0f, true)]
    [DataRow(-10f, 0f, false)]
    [DataRow(-11f, 0f, false)]
    [DataRow(0f, -19f, true)]
    [DataRow(0f, -20f, false)]
    [DataRow(0f, -21f, false)]
    [DataRow(200f, 200f, false)]
    [DataRow(-200f, -200f, false)]
    [DataRow(5f, 5f, true)]
    public void Overlaps_wants_a_pixel_of_the_box_in_the_image(float x, float y, bool expected) =>
        Assert.AreEqual(expected, new Box(x, y, 10, 20).Overlaps(100, 50));

    [TestMethod]
    public void ScaledBy_scales_place_and_size() => Assert.AreEqual(new Box(4, 8, 12, 16), new Box(2, 4, 6, 8).ScaledBy(2));
}
