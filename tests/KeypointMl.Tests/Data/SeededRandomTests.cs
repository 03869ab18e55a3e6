using KeypointMl.Data;

namespace KeypointMl.Tests.Data;

[TestClass]
public sealed class SeededRandomTests
{
    [TestMethod]
    public void Number_of_a_range_is_below_its_end()
    {
        // The first number of this stream is above 1 − 2⁻²⁵, which rounds to 1 in single precision.
        Assert.IsLessThan(1f, new SeededRandom(1, 1, 2_892_263).Uniform(0, 1));
        Assert.AreEqual(MathF.BitDecrement(180), new SeededRandom(1, 1, 2_892_263).Uniform(-180, 180));
        Assert.AreEqual(5f, new SeededRandom(1, 1, 2_892_263).Uniform(5, 5));
    }
}
