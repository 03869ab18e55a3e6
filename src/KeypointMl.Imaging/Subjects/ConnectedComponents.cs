namespace KeypointMl.Imaging.Subjects;

/// <summary>Connected components (8 neighbours) of the pixels that are not 0, by runs and union-find.</summary>
internal static class ConnectedComponents
{
    private readonly record struct Run(int Row, int Start, int End);

    /// <summary>The components of a plane, largest first.</summary>
    /// <param name="plane">[h,width] values.</param>
    /// <param name="width">Its width.</param>
    /// <param name="minArea">Smaller ones are left out.</param>
    internal static List<Blob> Find(ReadOnlySpan<byte> plane, int width, int minArea)
    {
        List<Run> runs = [];
        List<int> parents = [];
        int previous = 0;
        for (int y = 0; y * width < plane.Length; y++)
        {
            int first = runs.Count;
            AddRuns(plane.Slice(y * width, width), y, runs, parents);
            Join(runs, parents, previous, first);
            previous = first;
        }
        return Collect(plane, width, runs, parents, minArea);
    }

    private static void AddRuns(ReadOnlySpan<byte> row, int y, List<Run> runs, List<int> parents)
    {
        for (int x = 0; row[x..].IndexOfAnyExcept((byte)0) is >= 0 and var skip;)
        {
            int start = x + skip;
            int length = row[start..].IndexOf((byte)0);
            x = length < 0 ? row.Length : start + length;
            parents.Add(runs.Count);
            runs.Add(new Run(y, start, x));
            if (x == row.Length)
                break;
        }
    }

    private static void Join(List<Run> runs, List<int> parents, int above, int first)
    {
        int a = above;
        for (int b = first; b < runs.Count; b++)
        {
            while (a < first && runs[a].End < runs[b].Start)
                a++;
            for (int i = a; i < first && runs[i].Start <= runs[b].End; i++)
            {
                (int one, int two) = (Root(parents, i), Root(parents, b));
                parents[Math.Max(one, two)] = Math.Min(one, two);
            }
        }
    }

    private static int Root(List<int> parents, int i)
    {
        while (parents[i] != i)
            i = parents[i] = parents[parents[i]];
        return i;
    }

    private static List<Blob> Collect(ReadOnlySpan<byte> plane, int width, List<Run> runs, List<int> parents, int minArea)
    {
        int[] areas = new int[runs.Count];
        for (int i = 0; i < runs.Count; i++)
            areas[Root(parents, i)] += runs[i].End - runs[i].Start;
        var parts = new Dictionary<int, (short[] X, short[] Y, int Filled, long Energy)>();
        for (int i = 0; i < runs.Count; i++)
        {
            int root = Root(parents, i);
            if (areas[root] < minArea)
                continue;
            if (!parts.TryGetValue(root, out var part))
                part = (new short[areas[root]], new short[areas[root]], 0, 0);
            for (int x = runs[i].Start; x < runs[i].End; x++)
            {
                (part.X[part.Filled], part.Y[part.Filled]) = ((short)x, (short)runs[i].Row);
                part.Filled++;
                part.Energy += plane[runs[i].Row * width + x];
            }
            parts[root] = part;
        }
        return [.. parts.Values.Select(part => new Blob(part.X, part.Y, part.Energy)).OrderByDescending(blob => blob.Area)];
    }
}
