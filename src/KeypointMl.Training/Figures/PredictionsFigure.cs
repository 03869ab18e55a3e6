namespace KeypointMl.Training;

/// <summary>Figures 5 and 8: test frames with the predicted keypoints as connected limbs, as many rows as columns.</summary>
internal static class PredictionsFigure
{
    public static PictureGrid Draw(FigureSource source, FigureOptions options)
    {
        int columns = options.Examples;
        PictureGrid grid = source.Tiles.Grid([$"predictions, {source.DataName}", .. Enumerable.Repeat("", columns - 1)]);
        foreach (int[] row in FigureSource.Draw(source.Test, columns * columns, options.Seed).Chunk(columns))
            grid.AddRow(source.Predicted(row));
        return grid;
    }
}
