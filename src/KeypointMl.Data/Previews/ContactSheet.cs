using System.Numerics;

namespace KeypointMl.Data;

/// <summary>
/// One picture that shows whether a data set is read rightly. From the top: the pictures that labelled frames were cut out of, with their boxes (where the data root is given); labelled frames, masked where they have masks, unlabelled training frames, and prior poses on black; each
/// chosen evenly from all there are, the poses at random.
/// </summary>
public static class ContactSheet
{
    private const int Gap = 4;
    private const byte GapGrey = 64;

    /// <summary>Draws a data set.</summary>
    /// <exception cref="ArgumentException">The data set has no labels of the asked split.</exception>
    /// <exception cref="InvalidDataException">A frame, the labels or the prior cannot be read.</exception>
    public static RgbImage Draw(IDataset dataset, ContactSheetOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Rows, 1);
        var cells = new List<RgbImage?>();
        if (options.LabelledSplit is string split)
        {
            using LabelledFrames labelled = dataset.OpenLabelled(split);
            if (options.DataRoot is string root && labelled.Frames.Count > 0)
                AddSources(cells, labelled.Frames, root, options);
            AddFrames(cells, labelled.Frames, options, (image, i) => PosePainter.Paint(image, labelled.Skeleton, labelled.Poses[i], options.Zoom));
        }
        using IFrameSet frames = dataset.OpenTrainingFrames();
        AddFrames(cells, frames, options, (image, _) => ImageCropper.Resize(image, image.Width * options.Zoom, image.Height * options.Zoom));
        var sampler = new PriorSampler(dataset.OpenPrior(), frames.Width, frames.Height, options.Augmentation, options.Seed);
        foreach (Vector2[] pose in sampler.DrawPixels(0, options.Columns * options.Rows))
            cells.Add(PosePainter.Paint(new RgbImage(frames.Width, frames.Height), dataset.Skeleton, pose, options.Zoom));
        return Grid(cells, options.Columns, frames.Width * options.Zoom, frames.Height * options.Zoom);
    }

    /// <summary>Draws poses of a prior on black, evenly chosen from all there are.</summary>
    public static RgbImage DrawPoses(PosePrior prior, ContactSheetOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Rows, 1);
        int wanted = options.Columns * options.Rows;
        List<RgbImage?> cells =
        [
            .. Evenly.Choose(prior.Poses.Count, wanted).Select(i => PosePainter.Paint(new RgbImage(prior.Width, prior.Height), prior.Skeleton, prior.Poses[i], options.Zoom)),
        ];
        while (cells.Count < wanted)
            cells.Add(null);
        return Grid(cells, options.Columns, prior.Width * options.Zoom, prior.Height * options.Zoom);
    }

    private static void AddSources(List<RgbImage?> cells, IFrameSet frames, string dataRoot, ContactSheetOptions options)
    {
        RgbImage?[] row =
        [
            .. Evenly.Choose(frames.Count, options.Columns)
                .Select(i => SourcePreview.Draw(frames.GetId(i), dataRoot, frames.Width * options.Zoom, frames.Height * options.Zoom)),
        ];
        if (row.All(cell => cell is null))
            return;
        cells.AddRange(row);
        for (int i = row.Length; i < options.Columns; i++)
            cells.Add(null);
    }

    private static void AddFrames(List<RgbImage?> cells, IFrameSet frames, ContactSheetOptions options, Func<RgbImage, int, RgbImage> paint)
    {
        int wanted = options.Columns * options.Rows;
        for (int cell = 0; cell < wanted; cell++)
        {
            if (cell >= frames.Count)
            {
                cells.Add(null);
                continue;
            }
            int index = (int)((long)cell * frames.Count / Math.Min(wanted, frames.Count));
            var image = new RgbImage(frames.Width, frames.Height);
            frames.Read(index, image.Pixels);
            cells.Add(paint(image, index));
        }
    }

    /// <summary>Pictures of one size in rows; null leaves a place empty. What does not fill a row is left out.</summary>
    internal static RgbImage Grid(List<RgbImage?> cells, int columns, int cellWidth, int cellHeight)
    {
        int rows = cells.Count / columns;
        var sheet = new RgbImage(columns * (cellWidth + Gap) + Gap, rows * (cellHeight + Gap) + Gap);
        Array.Fill(sheet.Pixels, GapGrey);
        for (int i = 0; i < cells.Count; i++)
        {
            if (cells[i] is not RgbImage cell)
                continue;
            (int left, int top) = (Gap + i % columns * (cellWidth + Gap), Gap + i / columns * (cellHeight + Gap));
            for (int y = 0; y < cellHeight; y++)
                cell.Pixels.AsSpan(y * cellWidth * 3, cellWidth * 3).CopyTo(sheet.Pixels.AsSpan(((top + y) * sheet.Width + left) * 3));
        }
        return sheet;
    }
}
