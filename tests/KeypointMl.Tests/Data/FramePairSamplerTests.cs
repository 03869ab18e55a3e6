using KeypointMl.Data.Frames;
using KeypointMl.Data.Pairs;

namespace KeypointMl.Tests.Data;

[TestClass]
public sealed class FramePairSamplerTests
{
    [TestMethod]
    public void Pairs_are_of_one_clip_and_within_the_window_and_reach_every_frame()
    {
        Clip[] clips = [new("a", 0, 30), new("b", 30, 1), new("c", 31, 50)];
        var sampler = new FramePairSampler(clips, minDistance: 3, maxDistance: 12, seed: 1);
        var first = new HashSet<int>();
        var second = new HashSet<int>();
        int later = 0, pairs = 0;
        for (int step = 0; step < 500; step++)
        {
            for (int slot = 0; slot < 8; slot++)
            {
                (int x, int y) = sampler.Sample(step, slot);
                first.Add(x);
                second.Add(y);
                Assert.AreEqual(ClipOf(x), ClipOf(y));
                if (x == 30)
                {
                    Assert.AreEqual(30, y);
                    continue;
                }
                Assert.IsTrue(Math.Abs(x - y) is >= 3 and <= 12, $"distance {y - x}");
                pairs++;
                later += y > x ? 1 : 0;
            }
        }
        Assert.HasCount(81, first);
        Assert.HasCount(81, second);
        Assert.AreEqual(0.5, later / (double)pairs, 0.04); // 4,000 draws: five standard deviations

        int ClipOf(int frame) => frame < 30 ? 0 : frame < 31 ? 1 : 2;
    }

    [TestMethod]
    public void Window_from_zero_draws_the_frame_itself_as_often_as_any_other()
    {
        var sampler = new FramePairSampler([new Clip("a", 0, 3)], 0, 2, 5);

        int same = Enumerable.Range(0, 3000).Count(step => sampler.Sample(step, 0) is (int x, int y) && x == y);

        Assert.AreEqual(1.0 / 3, same / 3000.0, 0.045); // five standard deviations
    }

    [TestMethod]
    public void Clip_shorter_than_the_window_gives_its_farthest_frame()
    {
        var sampler = new FramePairSampler([new Clip("a", 0, 4)], 10, 20, 2);
        int[] farthest = [3, 3, 0, 0];

        for (int step = 0; step < 50; step++)
        {
            (int x, int y) = sampler.Sample(step, 0);
            Assert.AreEqual(farthest[x], y);
        }
    }

    [TestMethod]
    public void Draws_depend_on_seed_step_and_slot_alone()
    {
        Clip[] clips = [new("a", 0, 1000)];
        var one = new FramePairSampler(clips, 1, 999, 3);
        var same = new FramePairSampler(clips, 1, 999, 3);
        var other = new FramePairSampler(clips, 1, 999, 4);

        Assert.AreEqual(one.Sample(123_456, 7), same.Sample(123_456, 7));
        Assert.AreNotEqual(one.Sample(123_456, 7), other.Sample(123_456, 7));
        Assert.AreNotEqual(one.Sample(123_456, 7), one.Sample(123_457, 7));
        Assert.AreNotEqual(one.Sample(123_456, 7), one.Sample(123_456, 8));
    }

    [TestMethod]
    public void Impossible_clips_and_windows_are_refused()
    {
        Assert.ThrowsExactly<ArgumentException>(() => new FramePairSampler([], 0, 1, 0));
        Assert.ThrowsExactly<ArgumentException>(() => new FramePairSampler([new Clip("a", 0, 5)], 3, 2, 0));
        Assert.ThrowsExactly<ArgumentException>(() => new FramePairSampler([new Clip("a", 0, 5)], -1, 2, 0));
        Assert.ThrowsExactly<ArgumentException>(() => new FramePairSampler([new Clip("a", 1, 5)], 1, 2, 0));
    }
}
