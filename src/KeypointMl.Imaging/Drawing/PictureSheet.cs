using KeypointMl.Imaging.Images;

namespace KeypointMl.Imaging.Drawing;

/// <summary>Lays out pictures of one size on a sheet.</summary>
internal static class PictureSheet
{
    private const int Gap = 4;
    private const byte GapGrey = 64;

    /// <summary>Pictures of one size in rows; null leaves a place empty. What does not fill a row is left out.</summary>
    public static RgbImage Draw(List<RgbImage?> cells, int columns, int cellWidth, int cellHeight)
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
