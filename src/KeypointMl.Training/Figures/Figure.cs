using static TorchSharp.torch;

namespace KeypointMl.Training;

/// <summary>Draws the paper's figures from a run: <c>keypointml figure</c>.</summary>
public static class Figure
{
    /// <summary>Draws a figure with the run's averaged networks.</summary>
    /// <param name="run">A run with a checkpoint of its training.</param>
    /// <param name="dataRoot">The data root, or null for the environment's.</param>
    /// <param name="options">Which figure, and of what.</param>
    /// <param name="path">The PNG to write; it appears complete or not at all.</param>
    /// <exception cref="InvalidDataException">The run has no checkpoint of its training yet.</exception>
    /// <exception cref="InvalidOperationException">The run has not trained what the figure shows.</exception>
    /// <exception cref="ArgumentException">A move names no keypoint of the skeleton.</exception>
    /// <exception cref="IOException">The run's data are not there, or the picture cannot be written.</exception>
    public static void Write(RunFolder run, string? dataRoot, FigureOptions options, string path)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Examples, 1);
        using var source = FigureSource.Open(run, dataRoot, options.Device);
        using var region = CollectionFreeRegion.Begin();
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        PictureGrid grid = options.Kind switch
        {
            FigureKind.DataFlow => DataFlowFigure.Draw(source, options),
            FigureKind.Leak => LeakFigure.Draw(source, options),
            FigureKind.Predictions => PredictionsFigure.Draw(source, options),
            FigureKind.Unpaired => UnpairedFigure.Draw(source, options),
            FigureKind.Transfer => TransferFigure.Draw(source, options),
            _ => EditsFigure.Draw(source, options),
        };
        grid.Save(path);
    }

    /// <summary>Columns of tiles as the rows of a grid.</summary>
    internal static PictureGrid OfColumns(FigureSource source, params IReadOnlyList<(string Title, KeypointMl.Data.RgbImage[] Tiles)> columns)
    {
        PictureGrid grid = source.Tiles.Grid([.. columns.Select(column => column.Title)]);
        for (int row = 0; row < columns[0].Tiles.Length; row++)
            grid.AddRow([.. columns.Select(column => column.Tiles[row])]);
        return grid;
    }
}
