using System.Numerics;

namespace KeypointMl.Data.Formats.Hdf5;

/// <summary>A fractal heap (the specification's III.G), where groups and objects with many links or attributes keep them.</summary>
internal sealed class Hdf5FractalHeap
{
    private const int HeaderBytes = 142;
    private const int Managed = 0;
    private const int Huge = 1;
    private const int Tiny = 2;
    private const int MaxRows = 64;
    private const ulong MaxDirectBytes = 1UL << 31;

    private readonly Hdf5File file;
    private readonly int idBytes;
    private readonly ulong hugeTree;
    private readonly int width;
    private readonly ulong startBytes;
    private readonly int offsetBytes;
    private readonly int lengthBytes;
    private readonly int directRows;
    private readonly ulong root;
    private readonly int rootRows;
    private Dictionary<ulong, (ulong Address, ulong Length)>? hugeObjects;

    internal Hdf5FractalHeap(Hdf5File file, ulong address)
    {
        this.file = file;
        Hdf5Cursor header = file.At(address, HeaderBytes + 4);
        Hdf5Cursor all = header.Copy();
        header.Expect("FRHP");
        header.Version("a heap", 0, 0);
        idBytes = header.UInt16();
        if (header.UInt16() != 0)
            throw header.Error("a heap whose blocks are compressed, which is not read; rewrite the file with h5repack");
        header.Skip(1);
        uint maxManaged = header.UInt32();
        header.Skip(8);
        hugeTree = header.UInt64();
        header.Skip(80);
        width = header.UInt16();
        startBytes = header.UInt64();
        ulong maxDirect = header.UInt64();
        int heapBits = header.UInt16();
        header.Skip(2);
        root = header.UInt64();
        rootRows = header.UInt16();
        Hdf5Checksum.Check(all, HeaderBytes, header);
        if (width == 0 || !BitOperations.IsPow2(startBytes) || !BitOperations.IsPow2(maxDirect) || startBytes > maxDirect
            || maxDirect > MaxDirectBytes || heapBits is 0 or > 64 || rootRows > MaxRows)
            throw header.Error("a heap whose sizes contradict one another; the file is damaged");
        offsetBytes = (heapBits + 7) / 8;
        lengthBytes = Math.Min((BitOperations.Log2(maxDirect) + 7) / 8, Hdf5BTree2.BytesFor(maxManaged));
        directRows = BitOperations.Log2(maxDirect) - BitOperations.Log2(startBytes) + 2;
    }

    /// <summary>The object of an identifier, which is read from a cursor.</summary>
    internal Hdf5Cursor Open(Hdf5Cursor record)
    {
        Hdf5Cursor id = record.Part(idBytes);
        byte head = id.Byte();
        switch (head >> 4 & 3)
        {
            case Managed:
                (ulong offset, int length) = (id.Number(offsetBytes), id.Length(lengthBytes));
                return file.At(Locate(root, rootRows, offset, (ulong)length, id), length);
            case Huge:
                ulong number = id.Number(Math.Min(id.Left, 8));
                hugeObjects ??= ReadHugeObjects();
                return hugeObjects.TryGetValue(number, out (ulong Address, ulong Length) place) && place.Length <= (ulong)Array.MaxLength
                    ? file.At(place.Address, (int)place.Length)
                    : throw id.Error($"object {number} of a heap is not there");
            case Tiny when idBytes <= 17:
                return id.Part((head & 0xF) + 1);
            default:
                throw id.Error("an object of a heap is of a kind that is not read; rewrite the file with h5repack");
        }
    }

    private Dictionary<ulong, (ulong Address, ulong Length)> ReadHugeObjects()
    {
        var objects = new Dictionary<ulong, (ulong Address, ulong Length)>();
        if (hugeTree == Hdf5File.Undefined)
            return objects;
        foreach (Hdf5Cursor record in Hdf5BTree2.Read(file, hugeTree))
        {
            (ulong address, ulong length) = (record.UInt64(), record.UInt64());
            objects[record.UInt64()] = (address, length);
        }
        return objects;
    }

    // Blocks double in size from row to row; those of the first two rows are alike. Rows beyond the direct ones are
    // tables of blocks themselves.
    private ulong Locate(ulong block, int rows, ulong offset, ulong length, Hdf5Cursor id)
    {
        if (rows == 0)
            return Inside(block, startBytes, offset);
        for (int depth = 0; depth < MaxRows; depth++)
        {
            int row = (int)Math.Min((ulong)BitOperations.Log2(offset / ((ulong)width * startBytes)) + 1, MaxRows);
            row = offset < (ulong)width * startBytes ? 0 : row;
            ulong size = startBytes << Math.Max(row - 1, 0);
            ulong rowStart = row == 0 ? 0 : (ulong)width * size;
            if (row >= rows || size == 0)
                throw id.Error($"an object at byte {offset:N0} of a heap of {rows} rows");
            ulong column = (offset - rowStart) / size;
            offset = (offset - rowStart) % size;
            ulong entry = (ulong)(13 + offsetBytes) + ((ulong)row * (ulong)width + column) * 8;
            Hdf5Cursor table = file.At(block, 4);
            table.Expect("FHIB");
            block = file.At(block + entry, 8).UInt64();
            if (row < directRows)
                return Inside(block, size, offset);
            rows = BitOperations.Log2(size) - BitOperations.Log2(startBytes * (ulong)width) + 1;
        }
        throw id.Error("a heap nested too deeply; the file is damaged");

        ulong Inside(ulong address, ulong size, ulong at)
        {
            file.At(address, 4).Expect("FHDB");
            return at <= size && length <= size - at
                ? address + at
                : throw id.Error($"an object of {length:N0} bytes at byte {at:N0} of a block of {size:N0}");
        }
    }
}
