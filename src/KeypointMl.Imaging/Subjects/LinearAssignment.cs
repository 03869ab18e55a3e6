namespace KeypointMl.Imaging.Subjects;

/// <summary>
/// The linear sum assignment problem, by shortest augmenting paths (Jonker and Volgenant, 1987; the form of Crouse, 2016):
/// optimal in O(n³).
/// </summary>
internal static class LinearAssignment
{
    /// <summary>
    /// Assigns rows to columns, one to one, with the least sum of costs. A row or column may stay alone, which costs <paramref
    /// name="alone"/> each.
    /// </summary>
    /// <param name="costs">[rows,columns] finite costs.</param>
    /// <param name="alone">What a row or a column without partner costs; a pair that costs more than twice as much is never made.</param>
    /// <returns>For each row its column, or −1.</returns>
    internal static int[] Solve(double[,] costs, double alone)
    {
        (int rows, int columns) = (costs.GetLength(0), costs.GetLength(1));
        int n = rows + columns;
        // Row i may take the column "alone" of its own, and so may column j; two of these cost nothing together.
        double[,] square = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
                square[i, j] = i < rows && j < columns ? costs[i, j] : i < rows || j < columns ? alone : 0;
        }
        return [.. Solve(square).Take(rows).Select(column => column < columns ? column : -1)];
    }

    private static int[] Solve(double[,] costs)
    {
        int n = costs.GetLength(0);
        double[] rowPrices = new double[n];
        double[] columnPrices = new double[n];
        int[] rowOf = new int[n];
        int[] columnOf = new int[n];
        Array.Fill(rowOf, -1);
        Array.Fill(columnOf, -1);
        for (int free = 0; free < n; free++)
        {
            double[] distances = new double[n];
            int[] predecessors = new int[n];
            bool[] scanned = new bool[n];
            Array.Fill(distances, double.PositiveInfinity);
            (int row, int sink, double least) = (free, -1, 0);
            while (sink < 0)
            {
                int next = -1;
                for (int j = 0; j < n; j++)
                {
                    if (scanned[j])
                        continue;
                    double through = least + costs[row, j] - rowPrices[row] - columnPrices[j];
                    if (through < distances[j])
                        (distances[j], predecessors[j]) = (through, row);
                    if (next < 0 || distances[j] < distances[next])
                        next = j;
                }
                least = distances[next];
                scanned[next] = true;
                (row, sink) = rowOf[next] < 0 ? (row, next) : (rowOf[next], -1);
            }
            rowPrices[free] += least;
            for (int j = 0; j < n; j++)
            {
                if (!scanned[j])
                    continue;
                if (rowOf[j] >= 0)
                    rowPrices[rowOf[j]] += least - distances[j];
                columnPrices[j] -= least - distances[j];
            }
            for (int column = sink; column >= 0;)
            {
                int owner = predecessors[column];
                rowOf[column] = owner;
                (column, columnOf[owner]) = (owner == free ? -1 : columnOf[owner], column);
            }
        }
        return columnOf;
    }
}
