using System.Numerics;
using KeypointMl.Imaging.Subjects;

namespace KeypointMl.Tests.Data.Subjects;

[TestClass]
public sealed class BackgroundTests
{
    [TestMethod]
    [DataRow(200, 100)]
    [DataRow(100, 200)]
    [DataRow(255, 0)]
    public void Pixels_behind_the_last_whole_vector_follow_the_light_as_the_others_do(int before, int after)
    {
        int length = Vector<byte>.Count + 1;
        byte[] ground = [.. Enumerable.Repeat((byte)before, length)], frame = [.. Enumerable.Repeat((byte)after, length)];
        byte[] none = new byte[length], black = new byte[length];
        var background = new Background(ground, none, Polarity.Both, shade: 0);

        for (int i = 0; i < 300; i++)
        {
            background.Follow(frame, none);
            byte[] now = background.Subtract(black);
            Assert.AreEqual(now[0], now[^1], $"after {i + 1} frames");
        }
    }
}
