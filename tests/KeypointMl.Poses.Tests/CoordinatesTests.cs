using System.Numerics;
using KeypointMl.Poses.Geometry;

namespace KeypointMl.Poses.Tests;

[TestClass]
public sealed class CoordinatesTests
{
    [TestMethod]
    public void Normalized_ends_are_the_centres_of_the_first_and_last_pixel()
    {
        Assert.AreEqual(-1f, NormalizedCoordinates.FromPixel(0, 64));
        Assert.AreEqual(1f, NormalizedCoordinates.FromPixel(63, 64));
        Assert.AreEqual(63f, NormalizedCoordinates.ToPixel(1, 64));
        Assert.AreEqual(new Vector2(31.5f, 15.5f), NormalizedCoordinates.ToPixel(Vector2.Zero, 64, 32));
    }

    [TestMethod]
    public void Box_maps_areas_so_that_halving_puts_the_first_pixel_pair_on_the_first_pixel()
    {
        var box = new Box(10, 20, 8, 8);

        Assert.AreEqual(Vector2.Zero, box.ToCrop(new Vector2(10.5f, 20.5f), 4, 4));
        Assert.AreEqual(new Vector2(17, 27), box.FromCrop(box.ToCrop(new Vector2(17, 27), 4, 4), 4, 4));
        Assert.AreEqual(new Vector2(3, 4), Box.WholeImage(64, 48).ToCrop(new Vector2(3, 4), 64, 48));
    }
}
