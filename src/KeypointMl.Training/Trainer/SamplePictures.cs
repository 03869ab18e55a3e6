using System.Numerics;
using KeypointMl.Data;
using static TorchSharp.torch;

namespace KeypointMl.Training;

/// <summary>The picture grid of figure 3: x, Φ(x), β(η(Φ(x))), x′, x̂, and the keypoints over x, drawn with the averaged weights.</summary>
internal static class SamplePictures
{
    public static void Write(TrainingNetworks model, IFrameSet frames, Recipe recipe, string path)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        int rows = recipe.Samples.Rows;
        var sampler = new FramePairSampler(frames.Clips, recipe.Pairs.MinDistance, recipe.Pairs.MaxDistance, recipe.Seed + RandomStreams.Samples);
        (int First, int Second)[] pairs = [.. Enumerable.Range(0, rows).Select(slot => sampler.Sample(0, slot))];
        byte[] x = DetectorEvaluation.ReadFrames(frames, [.. pairs.Select(pair => pair.First)]);
        byte[] style = DetectorEvaluation.ReadFrames(frames, [.. pairs.Select(pair => pair.Second)]);
        Tensor y = model.Phi.call(ImageTensors.FromBytes(x, rows, frames.Height, frames.Width));
        (Tensor p, Tensor __) = model.Eta.call(y);
        Tensor clean = model.Networks.Beta.call(p);
        Tensor reconstruction = model.Psi.call(clean, ImageTensors.FromBytes(style, rows, frames.Height, frames.Width));
        Vector2[][] keypoints = DetectorEvaluation.ToPixels(p, frames.Width, frames.Height);
        var sheet = new RgbImage(frames.Width * 5, frames.Height * rows);
        byte[][] columns = [x, ImageTensors.ToBytes(y), ImageTensors.ToBytes(clean), style, ImageTensors.ToBytes(reconstruction)];
        int line = frames.Width * 3;
        for (int r = 0; r < rows * frames.Height; r++)
            for (int c = 0; c < 5; c++)
                columns[c].AsSpan(r * line, line).CopyTo(sheet.Pixels.AsSpan((r * 5 + c) * line));
        for (int n = 0; n < rows; n++)
            foreach (Vector2 q in keypoints[n])
            {
                int px = Math.Clamp((int)MathF.Round(q.X), 0, frames.Width - 1), py = Math.Clamp((int)MathF.Round(q.Y), 0, frames.Height - 1);
                int o = ((n * frames.Height + py) * 5 * frames.Width + px) * 3;
                (sheet.Pixels[o], sheet.Pixels[o + 1], sheet.Pixels[o + 2]) = (255, 40, 40);
            }
        ImageWriter.Write(sheet, path);
    }
}
