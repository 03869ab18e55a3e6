using System.Numerics;

namespace KeypointMl.Data.Formats.Hdf5;

/// <summary>A B-tree of version 2 (the specification's III.A.2).</summary>
internal static class Hdf5BTree2
{
    private const int HeaderBytes = 38;
    private const int NodePrefixBytes = 6;
    private const int ChecksumBytes = 4;
    private const int MaxDepth = 32;

    /// <summary>All records, each as a cursor of its own, in no particular order.</summary>
    internal static IEnumerable<Hdf5Cursor> Read(Hdf5File file, ulong address)
    {
        Hdf5Cursor header = file.At(address, HeaderBytes);
        Hdf5Cursor all = header.Copy();
        header.Expect("BTHD");
        header.Version("a tree", 0, 0);
        header.Skip(1);
        (int nodeBytes, int recordBytes, int depth) = (header.Length(4), header.UInt16(), header.UInt16());
        header.Skip(2);
        (ulong root, int rootRecords) = (header.UInt64(), header.UInt16());
        header.Skip(8);
        Hdf5Checksum.Check(all, HeaderBytes - ChecksumBytes, header);
        if (depth > MaxDepth || recordBytes == 0 || nodeBytes < NodePrefixBytes + ChecksumBytes + recordBytes)
            throw header.Error($"a tree of {depth} levels with {recordBytes} bytes in a record and {nodeBytes} in a node");
        if (root == Hdf5File.Undefined)
            yield break;
        (int countBytes, int[] totalBytes) = Sizes(nodeBytes, recordBytes, depth);
        var seen = new HashSet<ulong>();
        var nodes = new Stack<(ulong Address, int Records, int Depth)>([(root, rootRecords, depth)]);
        while (nodes.TryPop(out (ulong Address, int Records, int Depth) next))
        {
            if (!seen.Add(next.Address))
                throw file.Error(next.Address, "a tree comes back to where it has been; the file is damaged");
            int pointerBytes = next.Depth == 0 ? 0 : 8 + countBytes + totalBytes[next.Depth - 1];
            long length = NodePrefixBytes + (long)next.Records * recordBytes + (next.Records + 1L) * pointerBytes;
            if (length + ChecksumBytes > nodeBytes)
                throw file.Error(next.Address, $"a tree's node claims {next.Records} records, more than its {nodeBytes} bytes hold");
            Hdf5Cursor node = file.At(next.Address, (int)length + ChecksumBytes);
            Hdf5Cursor start = node.Copy();
            node.Expect(next.Depth == 0 ? "BTLF" : "BTIN");
            node.Skip(2);
            Hdf5Cursor records = node.Part(next.Records * recordBytes);
            for (int i = 0; next.Depth > 0 && i <= next.Records; i++)
            {
                nodes.Push((node.UInt64(), (int)Math.Min(node.Number(countBytes), int.MaxValue), next.Depth - 1));
                node.Skip(totalBytes[next.Depth - 1]);
            }
            Hdf5Checksum.Check(start, (int)length, node);
            for (int i = 0; i < next.Records; i++)
                yield return records.Part(recordBytes);
        }
    }

    // How many bytes a node's numbers of records take follows from how many fit below it.
    private static (int Count, int[] Total) Sizes(int nodeBytes, int recordBytes, int depth)
    {
        long perNode = (nodeBytes - NodePrefixBytes - ChecksumBytes) / recordBytes;
        int countBytes = BytesFor(perNode);
        var total = new int[depth + 1];
        long below = perNode;
        for (int level = 1; level <= depth; level++)
        {
            int pointer = 8 + countBytes + total[level - 1];
            perNode = Math.Max((nodeBytes - NodePrefixBytes - ChecksumBytes - pointer) / (recordBytes + pointer), 0);
            below = (long)Int128.Min((Int128)(perNode + 1) * below + perNode, long.MaxValue);
            total[level] = BytesFor(below);
        }
        return (countBytes, total);
    }

    internal static int BytesFor(long largest) => BitOperations.Log2((ulong)Math.Max(largest, 1)) / 8 + 1;
}
