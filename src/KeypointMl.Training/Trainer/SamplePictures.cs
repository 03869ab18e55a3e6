using System.Numerics;
using KeypointMl.Data;
using static TorchSharp.torch;

namespace KeypointMl.Training;

/// <summary>The picture grid of figure 3: x, Φ(x), β(η(Φ(x))), x′, x̂, and the keypoints over x, drawn with the averaged weights for the same frames every time.</summary>
internal static class SamplePictures
{
    private const int TileSide = 192;

    public static void Write(ITrainedModel model, IFrameSet frames, Recipe recipe, string path)
    {
        using var region = CollectionFreeRegion.Begin();
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        int rows = recipe.Samples.Rows;
        var sampler = new FramePairSampler(frames.Clips, recipe.Pairs.MinDistance, recipe.Pairs.MaxDistance, recipe.Seed + RandomStreams.Samples);
        (int First, int Second)[] pairs = [.. Enumerable.Range(0, rows).Select(slot => sampler.Sample(0, slot))];
        byte[] first = DetectorEvaluation.ReadFrames(frames, [.. pairs.Select(pair => pair.First)]);
        byte[] second = DetectorEvaluation.ReadFrames(frames, [.. pairs.Select(pair => pair.Second)]);
        Tensor x = ImageTensors.FromBytes(first, rows, frames.Height, frames.Width);
        IReadOnlyList<(string Title, Tensor Images)> drawn = model.Draw(x, ImageTensors.FromBytes(second, rows, frames.Height, frames.Width));
        (Tensor p, Tensor __) = model.Detector.call(x);
        Vector2[][] keypoints = DetectorEvaluation.ToPixels(p, frames.Width, frames.Height);
        byte[][] columns = [.. drawn.Select(column => ImageTensors.ToBytes(column.Images))];

        int zoom = Math.Max(1, TileSide / Math.Max(frames.Width, frames.Height));
        var grid = new PictureGrid([.. drawn.Select(column => column.Title), "keypoints"], frames.Width * zoom, frames.Height * zoom);
        for (int row = 0; row < rows; row++)
        {
            RgbImage[] tiles = [.. columns.Select(column => Tile(column, row, frames))];
            RgbImage overlay = PosePainter.Paint(tiles[0], model.Points, keypoints[row], zoom);
            grid.AddRow([.. tiles.Select(tile => ImageCropper.Resize(tile, tile.Width * zoom, tile.Height * zoom)), overlay]);
        }
        grid.Save(path);
    }

    private static RgbImage Tile(byte[] column, int row, IFrameSet frames)
    {
        int size = frames.Width * frames.Height * 3;
        return new RgbImage(frames.Width, frames.Height, column.AsSpan(row * size, size).ToArray());
    }
}
