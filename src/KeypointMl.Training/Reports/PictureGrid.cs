using KeypointMl.Imaging.Drawing;
using KeypointMl.Imaging.Images;
using SkiaSharp;

namespace KeypointMl.Training.Reports;

/// <summary>
/// Rows of equally large pictures under column titles, such as input, Φ(x), β(η(Φ(x))), x′, reconstruction, overlay.
/// Small pictures are enlarged by a whole factor without smoothing, so that every pixel of the networks' output can be
/// seen.
/// </summary>
/// <remarks>
/// Titles and labels need a font of the system; where there is none they are left out, and <see cref="Titles"/> still
/// tells what the columns are.
/// </remarks>
internal sealed class PictureGrid
{
    private const int Gap = 6;
    private const int Margin = 10;
    private const int TitleHeight = 26;
    private const int LabelHeight = 16;
    private static readonly SKColor Background = new(0x17, 0x1A, 0x21);
    private static readonly SKColor Ink = new(0xD6, 0xDA, 0xE3);

    private readonly int width;
    private readonly int height;
    private readonly int factor;
    private readonly List<(RgbImage[] Tiles, string Label)> rows = [];

    /// <summary>An empty grid.</summary>
    /// <param name="titles">One per column, at least one.</param>
    /// <param name="width">Width of every picture in pixels.</param>
    /// <param name="height">Height of every picture in pixels.</param>
    /// <param name="minimumSide">Pictures are enlarged until their longer side has at least this many pixels.</param>
    /// <exception cref="ArgumentException">There is no title, or a size is below 1.</exception>
    public PictureGrid(IReadOnlyList<string> titles, int width, int height, int minimumSide = 128)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(minimumSide, 1);
        Titles = titles.Count > 0 ? [.. titles] : throw new ArgumentException("A grid needs at least one column.", nameof(titles));
        (this.width, this.height) = (width, height);
        factor = (minimumSide + Math.Max(width, height) - 1) / Math.Max(width, height);
    }

    /// <summary>The columns' titles.</summary>
    public IReadOnlyList<string> Titles { get; }

    /// <summary>Adds a row.</summary>
    /// <param name="tiles">One picture per column.</param>
    /// <param name="label">A line under the row, such as the frame's name; empty for none.</param>
    /// <exception cref="ArgumentException">There are not as many pictures as columns, or one has another size.</exception>
    public void AddRow(IReadOnlyList<RgbImage> tiles, string label = "")
    {
        if (tiles.Count != Titles.Count)
            throw new ArgumentException($"The grid has {Titles.Count} columns; {tiles.Count} pictures were given.", nameof(tiles));
        for (int column = 0; column < tiles.Count; column++)
        {
            if (tiles[column].Width != width || tiles[column].Height != height)
            {
                throw new ArgumentException(
                    $"Picture '{Titles[column]}' is {tiles[column].Width}×{tiles[column].Height}; the grid's are {width}×{height}.",
                    nameof(tiles));
            }
        }
        rows.Add(([.. tiles], label));
    }

    /// <summary>Where a picture's top-left pixel lies in <see cref="Render"/>'s result, and by which factor it is enlarged.</summary>
    public (int X, int Y, int Factor) Locate(int row, int column)
    {
        int y = Margin + TitleHeight;
        for (int above = 0; above < row; above++)
            y += RowHeight(above) + Gap;
        return (Margin + column * (width * factor + Gap), y, factor);
    }

    /// <summary>Draws the grid.</summary>
    public RgbImage Render()
    {
        int totalWidth = 2 * Margin + Titles.Count * (width * factor + Gap) - Gap;
        int totalHeight = Locate(rows.Count, 0).Y - (rows.Count > 0 ? Gap : 0) + Margin;
        SkiaNatives.Require();
        using var bitmap = new SKBitmap(totalWidth, totalHeight, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using (var canvas = new SKCanvas(bitmap))
        {
            canvas.Clear(Background);
            WriteTexts(canvas);
        }
        var picture = new RgbImage(totalWidth, totalHeight);
        ReadOnlySpan<byte> drawn = SkiaImages.PixelsOf(bitmap);
        for (int pixel = 0; pixel < totalWidth * totalHeight; pixel++)
            drawn.Slice(4 * pixel, 3).CopyTo(picture.Pixels.AsSpan(3 * pixel));
        for (int row = 0; row < rows.Count; row++)
        {
            for (int column = 0; column < Titles.Count; column++)
                CopyEnlarged(rows[row].Tiles[column], picture, Locate(row, column));
        }
        return picture;
    }

    /// <summary>Writes the grid as a PNG that appears complete or not at all.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Save(string path) => ImageWriter.Write(Render(), path);

    private static void CopyEnlarged(RgbImage tile, RgbImage picture, (int X, int Y, int Factor) place)
    {
        for (int y = 0; y < tile.Height * place.Factor; y++)
        {
            Span<byte> target = picture.Pixels.AsSpan(3 * ((place.Y + y) * picture.Width + place.X));
            ReadOnlySpan<byte> source = tile.Pixels.AsSpan(3 * (y / place.Factor) * tile.Width);
            for (int x = 0; x < tile.Width * place.Factor; x++)
                source.Slice(3 * (x / place.Factor), 3).CopyTo(target[(3 * x)..]);
        }
    }

    private int RowHeight(int row) => height * factor + (rows[row].Label.Length > 0 ? LabelHeight : 0);

    private void WriteTexts(SKCanvas canvas)
    {
        if (SystemFont.Face is not { } face)
            return;
        using var paint = new SKPaint { Color = Ink, IsAntialias = true };
        using var font = new SKFont(face);
        for (int column = 0; column < Titles.Count; column++)
            WriteCentred(canvas, font, paint, Titles[column], Locate(0, column).X, Margin + 15, 15);
        paint.Color = Ink.WithAlpha(0xA0);
        font.Size = 11;
        for (int row = 0; row < rows.Count; row++)
            canvas.DrawText(rows[row].Label, Margin + 1, Locate(row, 0).Y + height * factor + 12, font, paint);
    }

    private void WriteCentred(SKCanvas canvas, SKFont font, SKPaint paint, string text, int left, int baseline, float size)
    {
        font.Size = size;
        float room = width * factor;
        // By its glyphs, the measure that SkiaSharp 2 has as well.
        ushort[] glyphs = font.Typeface.GetGlyphs(text);
        if (font.MeasureText(glyphs) is var length && length > room)
            font.Size = size * room / length;
        canvas.DrawText(text, left + (room - font.MeasureText(glyphs)) / 2, baseline, font, paint);
    }
}
