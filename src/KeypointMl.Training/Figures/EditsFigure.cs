using KeypointMl.Imaging.Images;
using KeypointMl.Training.Methods;
using KeypointMl.Training.Reports;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Figures;

/// <summary>
/// Figure 10: a test frame's keypoints as they were found and as they are moved, and what Ψ makes of each with the
/// frame's own appearance.
/// </summary>
internal static class EditsFigure
{
    public static PictureGrid Draw(FigureSource source, FigureOptions options)
    {
        TrainingNetworks networks = source.Networks(condition: true);
        IReadOnlyList<KeypointEdit> edits = options.Moves.Count > 0
            ? [.. options.Moves.Select(move => KeypointEdit.Parse(move, source.Points))]
            : KeypointEdit.Defaults(source.Points);
        Tensor x = source.Read(source.Test, FigureSource.Draw(source.Test, options.Examples, options.Seed));
        (Tensor p, _) = networks.Detector.call(x);
        List<(RgbImage[] Keypoints, RgbImage[] Reconstructions)> columns = [.. edits.Select(edit => Columns(Moved(p, edit)))
            .Prepend(Columns(p))];
        RgbImage[] input = source.Tiles.Of(x);

        PictureGrid grid = source.Tiles.Grid(["input x", "original", .. edits.Select(edit => edit.Title)]);
        for (int row = 0; row < options.Examples; row++)
        {
            grid.AddRow([input[row], .. columns.Select(column => column.Keypoints[row])], "keypoints p");
            grid.AddRow([input[row], .. columns.Select(column => column.Reconstructions[row])], "reconstruction x̂");
        }
        return grid;

        (RgbImage[], RgbImage[]) Columns(Tensor pose) => (
            source.Tiles.Overlays(x, source.Points, PointTensors.ToPixels(pose, source.Test.Width, source.Test.Height)),
            source.Tiles.Of(networks.Psi.call(networks.Networks.Beta.call(pose), x)));
    }

    /// <summary>Poses [N,K,2] with some keypoints elsewhere.</summary>
    private static Tensor Moved(Tensor p, KeypointEdit edit)
    {
        Tensor moved = p.clone();
        foreach (int keypoint in edit.Keypoints)
        {
            // The frame is 2 wide.
            moved[TensorIndex.Colon, keypoint, 0] += 2 * edit.Shift.X / 100;
            moved[TensorIndex.Colon, keypoint, 1] += 2 * edit.Shift.Y / 100;
        }
        return moved;
    }
}
