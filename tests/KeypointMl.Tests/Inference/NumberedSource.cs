using System.Numerics;
using KeypointMl.Inference.Streaming;

namespace KeypointMl.Tests.Inference;

/// <summary>Numbered pictures, so many in an item; every third item is written at once, the others are decoded.</summary>
internal sealed class NumberedSource(int count, int together = 1)
{
    public Func<int, bool> Fails { get; init; } = _ => false;

    public Func<int, bool> FallsAway { get; init; } = _ => false;

    public int? Breaks { get; init; }

    public int? Throws { get; init; }

    public int Taken { get; private set; }

    public int Checked { get; private set; }

    public bool Read(StreamItem<int> item)
    {
        if (Taken == Breaks)
            throw new TimeoutException();
        if (Taken == count)
            return false;
        int[] numbers = [.. Enumerable.Range(Taken, Math.Min(together, count - Taken))];
        Taken += numbers.Length;
        void Add()
        {
            foreach (int number in numbers)
                Write(item, number);
        }
        if (numbers[0] / together % 3 == 0)
            Add();
        else
            item.Decode = Add;
        return true;
    }

    /// <summary>Compares the rows that the caller has with the pictures.</summary>
    public void Check(StreamBatch<int> batch)
    {
        for (int row = 0; row < batch.Rows; row++, Checked++)
        {
            while (FallsAway(Checked))
                Checked++;
            Assert.AreEqual(Checked, batch.Row(row));
            Assert.AreEqual(!Fails(Checked), batch.HasImage(row));
            if (!batch.HasImage(row))
                continue;
            Vector2[] dots = TestImages.Dots(Checked);
            for (int k = 0; k < dots.Length; k++)
            {
                Assert.AreEqual(dots[k].X, batch.Keypoints(row)[2 * k], 1e-4f, $"row {Checked}");
                Assert.AreEqual(dots[k].Y, batch.Keypoints(row)[2 * k + 1], 1e-4f, $"row {Checked}");
            }
        }
    }

    private void Write(StreamItem<int> item, int number)
    {
        if (number == Throws)
            throw new TimeoutException();
        if (!FallsAway(number))
        {
            item.Add(image =>
            {
                TestImages.Numbered(number).Pixels.CopyTo(image);
                return (number, !Fails(number));
            });
        }
    }
}
