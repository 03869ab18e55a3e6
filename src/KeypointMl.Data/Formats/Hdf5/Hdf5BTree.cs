namespace KeypointMl.Data.Formats.Hdf5;

/// <summary>
/// A B-tree of version 1 (the specification's III.A.1), whose leaves list the nodes of a group or the chunks of a
/// data set.
/// </summary>
internal sealed class Hdf5BTree(Hdf5File file, int kind, int keyBytes)
{
    /// <summary>A tree of a group's nodes.</summary>
    internal const int Groups = 0;

    /// <summary>A tree of a data set's chunks.</summary>
    internal const int Chunks = 1;

    private const int MaxLevel = 32;
    private const int NodeHeaderBytes = 24;

    /// <summary>The children of all leaves, each with a cursor at its key.</summary>
    internal IEnumerable<(Hdf5Cursor Key, ulong Child)> Read(ulong root)
    {
        var seen = new HashSet<ulong>();
        var nodes = new Stack<(ulong Address, int Level)>([(root, -1)]);
        while (nodes.TryPop(out (ulong Address, int Level) next))
        {
            if (!seen.Add(next.Address))
                throw file.Error(next.Address, "a tree comes back to where it has been; the file is damaged");
            Hdf5Cursor node = file.At(next.Address, NodeHeaderBytes);
            node.Expect("TREE");
            (int nodeKind, int level, int count) = (node.Byte(), node.Byte(), node.UInt16());
            if (nodeKind != kind || level > MaxLevel || (next.Level >= 0 && level != next.Level))
            {
                throw node.Error($"a tree's node of kind {nodeKind} on level {level}; expected kind "
                    + $"{kind}{(next.Level >= 0 ? $" on level {next.Level}" : "")}");
            }
            Hdf5Cursor entries = file.At(next.Address + NodeHeaderBytes, count * (keyBytes + 8));
            for (int i = 0; i < count; i++)
            {
                Hdf5Cursor key = entries.Part(keyBytes);
                ulong child = entries.UInt64();
                if (level == 0)
                    yield return (key, child);
                else
                    nodes.Push((child, level - 1));
            }
        }
    }
}
