using KeypointMl.Imaging.Images;

namespace KeypointMl.Tests.Data;

[TestClass]
[DoNotParallelize]
public sealed class ImageBlocksTests
{
    private const int Megabyte = 1 << 20;

    [TestMethod]
    public void Block_is_used_again_by_what_fits_and_not_by_what_is_much_smaller_or_larger()
    {
        // It may be one that another test left, of another size than asked for.
        ImageBlocks.Block first = ImageBlocks.Rent(33 * Megabyte);
        ImageBlocks.Return(first);

        ImageBlocks.Block smaller = ImageBlocks.Rent((int)(first.Bytes / 2 - 1));
        ImageBlocks.Block larger = ImageBlocks.Rent((int)first.Bytes + 1);
        ImageBlocks.Block same = ImageBlocks.Rent((int)first.Bytes);

        Assert.AreEqual(first, same);
        Assert.AreNotEqual(first.Pointer, smaller.Pointer);
        Assert.AreNotEqual(first.Pointer, larger.Pointer);
        foreach (ImageBlocks.Block block in (ImageBlocks.Block[])[smaller, larger, same])
            ImageBlocks.Return(block);
    }

    [TestMethod]
    public void No_more_is_kept_than_the_bound_and_the_last_ones_stay()
    {
        ImageBlocks.Block[] blocks = [.. Enumerable.Range(0, 10).Select(_ => ImageBlocks.Rent(20 * Megabyte))];

        foreach (ImageBlocks.Block block in blocks)
            ImageBlocks.Return(block);

        Assert.IsLessThanOrEqualTo(ImageBlocks.MaxKept, ImageBlocks.Kept);
        ImageBlocks.Block last = ImageBlocks.Rent(20 * Megabyte);
        Assert.AreEqual(blocks[^1], last);
        ImageBlocks.Return(last);
    }
}
