using System.Numerics;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Pairs;
using KeypointMl.Imaging.Images;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Methods;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Reports;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Running;

/// <summary>
/// The picture grid of figure 3: x, Φ(x), β(η(Φ(x))), x′, x̂, and the keypoints over x, drawn with the averaged weights
/// for the same frames every time.
/// </summary>
internal static class SamplePictures
{
    public static void Write(ITrainedModel model, IFrameSet frames, Recipe recipe, string path)
    {
        using var region = CollectionFreeRegion.Begin();
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        int rows = recipe.Samples.Rows;
        var sampler = new FramePairSampler(
            frames.Clips, recipe.Pairs.MinDistance, recipe.Pairs.MaxDistance, recipe.Seed + RandomStreams.Samples);
        (int First, int Second)[] pairs = [.. Enumerable.Range(0, rows).Select(slot => sampler.Sample(0, slot))];
        byte[] first = FrameBlocks.Read(frames, [.. pairs.Select(pair => pair.First)]);
        byte[] second = FrameBlocks.Read(frames, [.. pairs.Select(pair => pair.Second)]);
        Tensor x = ImageTensors.FromBytes(first, rows, frames.Height, frames.Width, model.Device);
        IReadOnlyList<(string Title, Tensor Images)> drawn =
            model.Draw(x, ImageTensors.FromBytes(second, rows, frames.Height, frames.Width, model.Device));
        (Tensor p, Tensor __) = model.Detector.call(x);
        Vector2[][] keypoints = PointTensors.ToPixels(p, frames.Width, frames.Height);
        var tiles = new PictureTiles(frames.Width, frames.Height);
        RgbImage[][] columns = [.. drawn.Select(column => tiles.Of(column.Images))];
        RgbImage[] overlays = tiles.Overlays(x, model.Points, keypoints);
        PictureGrid grid = tiles.Grid([.. drawn.Select(column => column.Title), "keypoints"]);
        for (int row = 0; row < rows; row++)
            grid.AddRow([.. columns.Select(column => column[row]), overlays[row]]);
        grid.Save(path);
    }
}
