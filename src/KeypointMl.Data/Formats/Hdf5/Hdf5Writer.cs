using System.Text;

namespace KeypointMl.Data.Formats.Hdf5;

/// <summary>
/// Writes an HDF5 file in the form that every version of the library reads (HDF5 File Format Specification 3.0):
/// superblock 0, groups as symbol tables, contiguous data sets, attributes of version 1. A data set's values are
/// asked for one after the other, so that they need not be in memory.
/// </summary>
internal sealed class Hdf5Writer
{
    private const int SuperblockBytes = 96;
    private const int WordSize = 8;

    // A node of a group has room for twice as many names, and a tree of one level for one node is all that is written.
    private const int LeafRank = 64;
    private const int TreeRank = 16;
    private const int NodeEntryBytes = 40;
    private const int CachedGroup = 1;
    private const ulong NoFreeSpace = 1;

    private readonly Stream stream;
    private readonly BinaryWriter writer;

    private Hdf5Writer(Stream stream) => (this.stream, writer) = (stream, new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true));

    /// <summary>Writes a file.</summary>
    /// <param name="stream">Empty, and one whose position can be set; it is left open.</param>
    /// <param name="root">What is in it.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    internal static void Write(Stream stream, Hdf5NewGroup root) => new Hdf5Writer(stream).Write(root);

    private void Write(Hdf5NewGroup root)
    {
        writer.Write(new byte[SuperblockBytes]);
        ulong header = WriteGroup(root, out ulong tree, out ulong heap);
        ulong end = Here();
        stream.Position = 0;
        writer.Write([0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A]);
        writer.Write([0, 0, 0, 0, 0, WordSize, WordSize, 0]);
        writer.Write((ushort)LeafRank);
        writer.Write((ushort)TreeRank);
        writer.Write(0);
        foreach (ulong address in (ulong[])[0, Hdf5File.Undefined, end, Hdf5File.Undefined, 0, header])
            writer.Write(address);
        writer.Write((long)CachedGroup);
        writer.Write(tree);
        writer.Write(heap);
        writer.Flush();
        stream.Position = (long)end;
    }

    private ulong WriteGroup(Hdf5NewGroup group, out ulong tree, out ulong heap)
    {
        if (group.Members.Count > 2 * LeafRank)
            throw new InvalidOperationException($"A group has {group.Members.Count} members; {2 * LeafRank} can be written.");
        // The order of a group's names is that of their bytes.
        (string Name, ulong Address)[] members =
        [
            .. group.Members.OrderBy(member => member.Key, StringComparer.Ordinal)
                .Select(member => (member.Key, member.Value is Hdf5NewGroup inner
                    ? WriteGroup(inner, out _, out _)
                    : WriteDataset((Hdf5NewDataset)member.Value))),
        ];
        var names = new MemoryStream();
        names.Write(new byte[WordSize]);
        long[] offsets = [.. members.Select(member => Append(names, member.Name))];

        ulong node = Here();
        writer.Write("SNOD"u8);
        writer.Write([1, 0]);
        writer.Write((ushort)members.Length);
        for (int i = 0; i < members.Length; i++)
        {
            writer.Write(offsets[i]);
            writer.Write(members[i].Address);
            writer.Write(new byte[NodeEntryBytes - (2 * WordSize)]);
        }
        writer.Write(new byte[NodeEntryBytes * ((2 * LeafRank) - members.Length)]);

        tree = Here();
        writer.Write("TREE"u8);
        writer.Write([0, 0]);
        writer.Write((ushort)1);
        foreach (ulong word in (ulong[])[Hdf5File.Undefined, Hdf5File.Undefined, 0, node, (ulong)offsets.DefaultIfEmpty().Last()])
            writer.Write(word);
        writer.Write(new byte[2 * WordSize * ((2 * TreeRank) - 1)]);

        heap = Here();
        writer.Write("HEAP"u8);
        writer.Write(0);
        foreach (ulong word in (ulong[])[(ulong)names.Length, NoFreeSpace, heap + (4 * WordSize)])
            writer.Write(word);
        names.WriteTo(stream);

        var table = new MemoryStream();
        table.Write(BitConverter.GetBytes(tree));
        table.Write(BitConverter.GetBytes(heap));
        return WriteHeader([(Hdf5Message.SymbolTable, table.ToArray())], group.Attributes);
    }

    private ulong WriteDataset(Hdf5NewDataset dataset)
    {
        Align();
        ulong start = Here();
        dataset.Write(stream);
        ulong length = Here() - start;
        if (length != (ulong)dataset.Bytes)
            throw new InvalidOperationException($"A data set of {dataset.Bytes:N0} bytes was given {length:N0}.");
        var layout = new MemoryStream();
        layout.Write([3, 1]);
        layout.Write(BitConverter.GetBytes(length == 0 ? Hdf5File.Undefined : start));
        layout.Write(BitConverter.GetBytes(length));
        return WriteHeader(
        [
            (Hdf5Message.Dataspace, Space(dataset.Dimensions)),
            (Hdf5Message.Datatype, dataset.Type.Encoded),
            (Hdf5Message.FillValue, [2, 2, 2, 1, 0, 0, 0, 0]),
            (Hdf5Message.Layout, layout.ToArray()),
        ], dataset.Attributes);
    }

    private ulong WriteHeader(IEnumerable<(int Type, byte[] Content)> messages, IReadOnlyList<Hdf5NewAttribute> attributes)
    {
        (int Type, byte[] Content)[] all =
            [.. messages, .. attributes.Select(attribute => (Hdf5Message.Attribute, Attribute(attribute)))];
        Align();
        ulong start = Here();
        writer.Write([1, 0]);
        writer.Write((ushort)all.Length);
        writer.Write(1);
        writer.Write(all.Sum(message => WordSize + Padded(message.Content.Length)));
        writer.Write(0);
        foreach ((int type, byte[] content) in all)
        {
            writer.Write((ushort)type);
            writer.Write((ushort)Padded(content.Length));
            writer.Write(0);
            writer.Write(content);
            Align();
        }
        return start;
    }

    private static byte[] Attribute(Hdf5NewAttribute attribute)
    {
        byte[] name = Encoding.UTF8.GetBytes(attribute.Name + '\0');
        byte[] space = Space([]);
        using var content = new MemoryStream();
        using var writer = new BinaryWriter(content);
        writer.Write([1, 0]);
        foreach (int length in (int[])[name.Length, attribute.Type.Encoded.Length, space.Length])
            writer.Write((ushort)length);
        foreach (byte[] part in (byte[][])[name, attribute.Type.Encoded, space])
        {
            writer.Write(part);
            writer.Write(new byte[Padded(part.Length) - part.Length]);
        }
        writer.Write(attribute.Value);
        return content.ToArray();
    }

    private static byte[] Space(IReadOnlyList<long> dimensions) =>
        [1, (byte)dimensions.Count, 0, 0, 0, 0, 0, 0, .. dimensions.SelectMany(BitConverter.GetBytes)];

    private static long Append(MemoryStream names, string name)
    {
        long offset = names.Length;
        byte[] bytes = Encoding.UTF8.GetBytes(name + '\0');
        names.Write(bytes);
        names.Write(new byte[Padded(bytes.Length) - bytes.Length]);
        return offset;
    }

    private static int Padded(int length) => (length + WordSize - 1) / WordSize * WordSize;

    private ulong Here() => (ulong)stream.Position;

    private void Align() => writer.Write(new byte[(WordSize - (int)(stream.Position % WordSize)) % WordSize]);
}
