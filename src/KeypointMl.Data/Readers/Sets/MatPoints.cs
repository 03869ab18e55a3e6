using System.Numerics;

namespace KeypointMl.Data;

/// <summary>Points from MATLAB's column-major numbers.</summary>
internal static class MatPoints
{
    /// <summary>Points of a K×2 matrix, a coordinate a column.</summary>
    internal static Vector2[] OfColumns(double[] numbers, int count) => [.. Enumerable.Range(0, count).Select(k => new Vector2((float)numbers[k], (float)numbers[k + count]))];

    /// <summary>The points of one row of an N×2K matrix, x and y in turn.</summary>
    internal static Vector2[] OfRow(double[] numbers, int rows, int row, int count) =>
        [.. Enumerable.Range(0, count).Select(k => new Vector2((float)numbers[row + 2 * k * rows], (float)numbers[row + (2 * k + 1) * rows]))];
}
