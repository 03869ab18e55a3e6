using KeypointMl.Data.Puppets;
using KeypointMl.Data.Puppets.Motion;

namespace KeypointMl.Tests.Puppets;

/// <summary>
/// Models are trained and their errors published on these very puppets: a change of the generator must be a decision,
/// not an accident. If it is one, put the values of the failure message here, and train the puppet models again.
/// </summary>
[TestClass]
public sealed class PuppetGoldenTests
{
    private const int Size = 64;
    private static readonly PuppetScene Scene = new(1, 12345, PuppetAction.Dance, 24);

    [TestMethod]
    public void Golden_pose_is_unchanged()
    {
        int[] expected =
        [
            301, 131, 290, 191, 289, 336, 236, 207, 179, 252, 114, 240, 343, 203, 401, 264, 461, 266, 269, 342, 294, 444, 237,
            560, 307, 349, 339, 473, 327, 593,
        ];

        // Tenths of a pixel; one of them may differ where another platform rounds another way.
        int[] actual = [.. Scene.GetPose(7, Size, Size)
            .SelectMany(point => new[] { (int)MathF.Round(point.X * 10), (int)MathF.Round(point.Y * 10) })];

        AssertNear(expected, actual, 1);
    }

    [TestMethod]
    public void Golden_frame_is_unchanged()
    {
        int[] expected =
        [
            469, 472, 473, 470, 456, 439, 430, 442, 481, 488, 490, 404, 422, 449, 437, 445,
            485, 478, 409, 243, 315, 467, 454, 456, 478, 432, 407, 323, 376, 438, 467, 469,
            473, 474, 479, 292, 415, 492, 480, 473, 475, 475, 478, 337, 328, 489, 480, 475,
            377, 377, 377, 317, 310, 387, 379, 377, 281, 281, 266, 254, 253, 282, 281, 281,
        ];
        byte[] frame = new byte[Size * Size * 3];
        Scene.Render(7, Size, Size, frame);

        // Sums of the three channels over 8×8 blocks, divided by the 64 pixels; tolerance: two of 765 levels for
        // another platform's rounding.
        int[] actual = new int[64];
        for (int block = 0; block < 64; block++)
        {
            int sum = 0;
            for (int y = 0; y < 8; y++)
            {
                int row = ((block / 8 * 8 + y) * Size + block % 8 * 8) * 3;
                for (int i = 0; i < 24; i++)
                    sum += frame[row + i];
            }
            actual[block] = sum / 64;
        }

        AssertNear(expected, actual, 2);
    }

    private static void AssertNear(int[] expected, int[] actual, int tolerance)
    {
        bool near = expected.Length == actual.Length && expected.Zip(actual, (e, a) => Math.Abs(e - a) <= tolerance).All(ok => ok);
        Assert.IsTrue(near, $"The puppets have changed. Found: {string.Join(", ", actual)}.");
    }
}
