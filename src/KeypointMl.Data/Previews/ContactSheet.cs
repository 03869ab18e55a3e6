using System.Numerics;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Priors;
using KeypointMl.Imaging.Drawing;
using KeypointMl.Imaging.Images;

namespace KeypointMl.Data.Previews;

/// <summary>
/// One picture that shows whether a data set is read rightly. From the top: the pictures that labelled frames were cut
/// out of, with their boxes (where the data root is given); labelled frames, masked where they have masks, unlabelled
/// training frames, and prior poses on black; each chosen evenly from all there are, the poses at random.
/// </summary>
internal static class ContactSheet
{
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
            AddFrames(cells, labelled.Frames,
                options, (image, i) => PosePainter.Paint(image, labelled.Skeleton, labelled.Poses[i], options.Zoom));
        }
        using IFrameSet frames = dataset.OpenTrainingFrames();
        AddFrames(cells, frames,
            options, (image, _) => ImageCropper.Resize(image, image.Width * options.Zoom, image.Height * options.Zoom));
        var sampler = new PriorSampler(dataset.OpenPrior(), frames.Width, frames.Height, options.Augmentation, options.Seed);
        foreach (Vector2[] pose in sampler.DrawPixels(0, options.Columns * options.Rows))
            cells.Add(PosePainter.Paint(new RgbImage(frames.Width, frames.Height), dataset.Skeleton, pose, options.Zoom));
        return PictureSheet.Draw(cells, options.Columns, frames.Width * options.Zoom, frames.Height * options.Zoom);
    }

    /// <summary>Draws poses of a prior on black, evenly chosen from all there are.</summary>
    public static RgbImage DrawPoses(PosePrior prior, ContactSheetOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Columns, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Rows, 1);
        int wanted = options.Columns * options.Rows;
        List<RgbImage?> cells =
        [
            .. EvenChoice.Choose(prior.Poses.Count, wanted)
                .Select(i => PosePainter.Paint(new RgbImage(prior.Width, prior.Height), prior.Skeleton, prior.Poses[i], options.Zoom)),
        ];
        while (cells.Count < wanted)
            cells.Add(null);
        return PictureSheet.Draw(cells, options.Columns, prior.Width * options.Zoom, prior.Height * options.Zoom);
    }

    private static void AddSources(List<RgbImage?> cells, IFrameSet frames, string dataRoot, ContactSheetOptions options)
    {
        RgbImage?[] row =
        [
            .. EvenChoice.Choose(frames.Count, options.Columns)
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
}
