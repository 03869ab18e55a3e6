using System.Numerics;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Priors;
using KeypointMl.Imaging.Drawing;
using KeypointMl.Imaging.Images;
using KeypointMl.Imaging.Video;

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
        var videos = new FramePicker();
        RgbImage?[] row =
        [
            .. EvenChoice.Choose(frames.Count, options.Columns)
                .Select(i => SourcePreview.Draw(
                    frames.GetId(i), videos, dataRoot, frames.Width * options.Zoom, frames.Height * options.Zoom)),
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
        int[] chosen = [.. EvenChoice.Choose(frames.Count, wanted)];
        cells.AddRange(Read(frames, chosen).Select((image, cell) => paint(image, chosen[cell])));
        cells.AddRange(Enumerable.Repeat<RgbImage?>(null, wanted - chosen.Length));
    }

    private static RgbImage[] Read(IFrameSet frames, int[] chosen)
    {
        RgbImage[] images = Array.ConvertAll(chosen, _ => new RgbImage(frames.Width, frames.Height));
        if (frames is not ISequentialFrameSet sequential)
        {
            for (int i = 0; i < chosen.Length; i++)
                frames.Read(chosen[i], images[i].Pixels);
            return images;
        }
        byte[] frame = new byte[frames.Width * frames.Height * 3];
        foreach (int index in sequential.Stream(frame, chosen.ToHashSet()))
            frame.CopyTo(images[Array.IndexOf(chosen, index)].Pixels, 0);
        return images;
    }
}
