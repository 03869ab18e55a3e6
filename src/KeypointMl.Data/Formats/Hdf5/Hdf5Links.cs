using System.Text;

namespace KeypointMl.Data.Formats.Hdf5;

/// <summary>
/// Lists the links of a group: of an old one (a symbol table: B-tree, nodes and a heap of names) or a new one
/// (messages, or a fractal heap).
/// </summary>
internal static class Hdf5Links
{
    private const int NodeEntryBytes = 40;
    private const int SoftLink = 2;

    internal static List<Hdf5Link> Read(Hdf5File file, Hdf5Header header)
    {
        if (header.Find(Hdf5Message.SymbolTable) is Hdf5Message table)
            return ReadSymbolTable(file, table.Open());
        IEnumerable<Hdf5Message> messages = header.Messages.Where(message => message.Type == Hdf5Message.Link);
        List<Hdf5Link> links = [.. messages.Select(message => ReadLink(message.Open()))];
        if (header.Find(Hdf5Message.LinkInfo) is Hdf5Message info)
            links.AddRange(ReadDense(file, info.Open()));
        return links;
    }

    private static List<Hdf5Link> ReadSymbolTable(Hdf5File file, Hdf5Cursor table)
    {
        (ulong tree, ulong heap) = (table.UInt64(), table.UInt64());
        var links = new List<Hdf5Link>();
        if (tree == Hdf5File.Undefined)
            return links;
        Hdf5Cursor names = ReadLocalHeap(file, heap);
        foreach ((_, ulong child) in new Hdf5BTree(file, Hdf5BTree.Groups, keyBytes: 8).Read(tree))
        {
            Hdf5Cursor node = file.At(child, 8);
            node.Expect("SNOD");
            node.Version("a group's node", 1, 1);
            node.Skip(1);
            int count = node.UInt16();
            Hdf5Cursor entries = file.At(child + 8, count * NodeEntryBytes);
            for (int i = 0; i < count; i++)
            {
                string name = Name(entries.UInt64());
                ulong address = entries.UInt64();
                uint kind = entries.UInt32();
                entries.Skip(4);
                uint target = entries.UInt32();
                entries.Skip(12);
                links.Add(kind == SoftLink ? new Hdf5Link(name, Hdf5File.Undefined, Name(target)) : new Hdf5Link(name, address));
            }
        }
        return links;

        string Name(ulong offset)
        {
            Hdf5Cursor cursor = names.Copy();
            if (offset >= (ulong)cursor.Left)
                throw cursor.Error($"a name is expected {offset:N0} bytes from here, beyond the end of the group's names");
            cursor.Skip((int)offset);
            return cursor.ZeroTerminated(1);
        }
    }

    private static Hdf5Cursor ReadLocalHeap(Hdf5File file, ulong address)
    {
        Hdf5Cursor heap = file.At(address, 32);
        heap.Expect("HEAP");
        heap.Version("a heap", 0, 0);
        heap.Skip(3);
        int size = heap.Length(8);
        heap.Skip(8);
        return file.At(heap.UInt64(), size);
    }

    private static IEnumerable<Hdf5Link> ReadDense(Hdf5File file, Hdf5Cursor info)
    {
        info.Version("a group's information", 0, 0);
        info.Skip((info.Byte() & 1) != 0 ? 8 : 0);
        (ulong heap, ulong tree) = (info.UInt64(), info.UInt64());
        if (heap == Hdf5File.Undefined)
            yield break;
        var content = new Hdf5FractalHeap(file, heap);
        foreach (Hdf5Cursor record in Hdf5BTree2.Read(file, tree))
        {
            record.Skip(4);
            yield return ReadLink(content.Open(record));
        }
    }

    private static Hdf5Link ReadLink(Hdf5Cursor cursor)
    {
        cursor.Version("a link", 1, 1);
        byte flags = cursor.Byte();
        int kind = (flags & 8) != 0 ? cursor.Byte() : 0;
        cursor.Skip(((flags & 4) != 0 ? 8 : 0) + ((flags & 16) != 0 ? 1 : 0));
        string name = Encoding.UTF8.GetString(cursor.Bytes(cursor.Length(1 << (flags & 3))));
        return kind switch
        {
            0 => new Hdf5Link(name, cursor.UInt64()),
            1 => new Hdf5Link(name, Hdf5File.Undefined, Encoding.UTF8.GetString(cursor.Bytes(cursor.UInt16()))),
            _ => new Hdf5Link(name, Hdf5File.Undefined, IsForeign: true),
        };
    }
}

/// <summary>A name in a group, and what it stands for.</summary>
/// <param name="Name">The name.</param>
/// <param name="Address">The object's header; undefined for a link that is no hard one.</param>
/// <param name="Target">Of a soft link: the path that it stands for.</param>
/// <param name="IsForeign">Whether it leads out of the file, or is of a kind that is not known.</param>
internal sealed record Hdf5Link(string Name, ulong Address, string? Target = null, bool IsForeign = false);
