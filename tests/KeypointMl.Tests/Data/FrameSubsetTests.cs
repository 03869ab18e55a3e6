using KeypointMl.Data.Frames;
using KeypointMl.Poses.Geometry;

namespace KeypointMl.Tests;

[TestClass]
public sealed class FrameSubsetTests
{
    [TestMethod]
    public void Split_holds_back_whole_clips_where_there_are_many()
    {
        using IFrameSet frames = Frames([.. Enumerable.Repeat(3, 40)]);

        (FrameSubset kept, FrameSubset heldBack) = FrameSubset.Split(frames, 0.1);

        Assert.HasCount(4, heldBack.Clips);
        Assert.HasCount(36, kept.Clips);
        CollectionAssert.AreEqual(new[] { "9", "19", "29", "39" }, heldBack.Clips.Select(clip => clip.Name).ToArray());
        Assert.IsTrue(heldBack.Clips.All(clip => clip.Length == 3));
        Assert.IsEmpty(Seen(kept).Intersect(Seen(heldBack)));
        Assert.HasCount(120, Seen(kept).Union(Seen(heldBack)).ToArray());
    }

    [TestMethod]
    public void Split_holds_back_the_ends_of_few_clips()
    {
        using IFrameSet frames = Frames([20, 1, 10]);

        (FrameSubset kept, FrameSubset heldBack) = FrameSubset.Split(frames, 0.1);

        CollectionAssert.AreEqual(new[] { 18, 19, 30 }, Seen(heldBack));
        CollectionAssert.AreEqual(Enumerable.Range(0, 18).Concat([20]).Concat(Enumerable.Range(21, 9)).ToArray(), Seen(kept));
        Assert.AreEqual(new Clip("2", 19, 9, "group"), kept.Clips[2]);
        Assert.AreEqual(new Clip("2", 2, 1, "group"), heldBack.Clips[1]);
        Assert.AreEqual(30, heldBack.GetId(2).Frame);
    }

    [TestMethod]
    public void Split_of_single_frames_holds_back_none_where_there_are_few()
    {
        using IFrameSet frames = Frames([1, 1, 1]);

        (FrameSubset kept, FrameSubset heldBack) = FrameSubset.Split(frames, 0.1);

        Assert.AreEqual((3, 0), (kept.Count, heldBack.Count));
    }

    [TestMethod]
    [DataRow(0.0)]
    [DataRow(1.0)]
    [DataRow(double.NaN)]
    public void Split_refuses_shares_that_leave_one_part_empty(double share)
    {
        using IFrameSet frames = Frames([4]);

        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => FrameSubset.Split(frames, share));
    }

    [TestMethod]
    public void A_part_beyond_the_frames_is_refused()
    {
        using IFrameSet frames = Frames([4]);

        Assert.Contains("frames 2 to 5",
            Assert.ThrowsExactly<ArgumentException>(() => new FrameSubset(frames, [new Clip("a", 2, 4)])).Message);
    }

    /// <summary>The first byte of each frame, which is its number.</summary>
    private static int[] Seen(IFrameSet frames)
    {
        var pixel = new byte[3];
        return [.. Enumerable.Range(0, frames.Count).Select(index =>
        {
            frames.Read(index, pixel);
            return (int)pixel[0];
        })];
    }

    private static MemoryFrameSet Frames(int[] lengths)
    {
        int count = lengths.Sum();
        var clips = new List<Clip>();
        foreach (int length in lengths)
            clips.Add(new Clip($"{clips.Count}", clips.Sum(clip => clip.Length), length, "group"));
        return new MemoryFrameSet(
            1, 1, [.. Enumerable.Range(0, count).Select(i => new[] { (byte)i, (byte)0, (byte)0 })],
            [.. Enumerable.Range(0, count).Select(i => new FrameId("source", i, "", Box.WholeImage(1, 1)))], clips);
    }
}
