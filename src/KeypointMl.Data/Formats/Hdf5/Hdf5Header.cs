namespace KeypointMl.Data.Formats.Hdf5;

/// <summary>An object header (the specification's IV.A), versions 1 and 2: the messages that make up a group or a data set.</summary>
internal sealed class Hdf5Header
{
    private const int MaxMessages = 100_000;
    private const int FirstVersionPrefix = 16;
    private const int SecondVersionPrefix = 34;
    private const int ChecksumBytes = 4;

    private readonly Hdf5File file;
    private readonly List<Hdf5Message> messages = [];

    private Hdf5Header(Hdf5File file, ulong address)
    {
        this.file = file;
        Address = address;
    }

    internal ulong Address { get; }

    internal IReadOnlyList<Hdf5Message> Messages => messages;

    internal static Hdf5Header Read(Hdf5File file, ulong address)
    {
        var header = new Hdf5Header(file, address);
        Hdf5Cursor first = file.At(address, (int)Math.Min(SecondVersionPrefix, file.BytesFrom(address)));
        if (first.Copy().Byte() == 1)
            header.ReadFirstVersion(first);
        else
            header.ReadSecondVersion(first);
        return header;
    }

    internal Hdf5Message? Find(int type) => messages.Find(message => message.Type == type);

    internal bool Has(int type) => Find(type) is not null;

    /// <summary>A message that may stand in another object's header, as the type of several data sets does.</summary>
    internal Hdf5Cursor? Open(int type)
    {
        if (Find(type) is not Hdf5Message message)
            return null;
        return message.IsShared ? OpenShared(file, message.Open(), type) : message.Open();
    }

    internal static Hdf5Cursor OpenShared(Hdf5File file, Hdf5Cursor reference, int type)
    {
        byte version = reference.Version("a reference to a shared message", 1, 3);
        byte kind = reference.Byte();
        if (version == 3 && kind == 1)
            throw reference.Error("a message that several objects share, which is not read; rewrite the file with h5repack");
        reference.Skip(version == 1 ? 6 : 0);
        Hdf5Message? shared = Read(file, reference.UInt64()).Find(type);
        return shared is { IsShared: false }
            ? shared.Open()
            : throw reference.Error($"refers to an object without a message of type {type}");
    }

    internal InvalidDataException Error(string message) => file.Error(Address, message);

    private void ReadFirstVersion(Hdf5Cursor prefix)
    {
        prefix.Skip(8); // version, number of messages, references
        int size = prefix.Length(4);
        var blocks = new Queue<(ulong Address, int Size)>([(Address + FirstVersionPrefix, size)]);
        ReadBlocks(blocks, (block, length) =>
        {
            Hdf5Cursor cursor = file.At(block, length);
            while (cursor.Left >= 8)
            {
                int type = cursor.UInt16();
                int bytes = cursor.UInt16();
                byte flags = cursor.Byte();
                cursor.Skip(3);
                Add(type, flags, cursor.Part(bytes), blocks);
            }
        });
    }

    private void ReadSecondVersion(Hdf5Cursor prefix)
    {
        Hdf5Cursor start = prefix.Copy();
        prefix.Expect("OHDR");
        prefix.Version("an object header", 2, 2);
        byte flags = prefix.Byte();
        prefix.Skip(((flags & 0x20) != 0 ? 16 : 0) + ((flags & 0x10) != 0 ? 4 : 0));
        int size = prefix.Length(1 << (flags & 3));
        int prefixSize = start.Left - prefix.Left;
        bool ordered = (flags & 4) != 0;
        ReadOrdered(Address, prefixSize, size, ordered);
    }

    private void ReadOrdered(ulong address, int prefixSize, int size, bool ordered)
    {
        var blocks = new Queue<(ulong Address, int Size)>();
        ReadBlock(address, prefixSize, size);
        ReadBlocks(blocks, (block, length) => ReadBlock(block, 4, length - 4 - ChecksumBytes));

        void ReadBlock(ulong block, int before, int length)
        {
            if (length < 0 || length > file.BytesFrom(block))
                throw file.Error(block, $"a block of {length:N0} bytes is expected here; the file is damaged");
            Hdf5Cursor cursor = file.At(block, before + length + ChecksumBytes);
            Hdf5Cursor all = cursor.Copy();
            if (block != address)
                cursor.Copy().Expect("OCHK");
            cursor.Skip(before);
            Hdf5Cursor content = cursor.Part(length);
            Hdf5Checksum.Check(all, before + length, cursor);
            int messagePrefix = ordered ? 6 : 4;
            while (content.Left >= messagePrefix)
            {
                int type = content.Byte();
                int bytes = content.UInt16();
                byte flags = content.Byte();
                content.Skip(messagePrefix - 4);
                Add(type, flags, content.Part(bytes), blocks);
            }
        }
    }

    private void ReadBlocks(Queue<(ulong Address, int Size)> blocks, Action<ulong, int> read)
    {
        var seen = new HashSet<ulong>();
        while (blocks.TryDequeue(out (ulong Address, int Size) block))
        {
            if (!seen.Add(block.Address))
                throw file.Error(block.Address, "an object's header continues where it has been; the file is damaged");
            read(block.Address, block.Size);
        }
    }

    private void Add(int type, byte flags, Hdf5Cursor content, Queue<(ulong Address, int Size)> blocks)
    {
        if (type == Hdf5Message.Continuation)
            blocks.Enqueue((content.UInt64(), content.Length(8)));
        else if (messages.Count >= MaxMessages)
            throw content.Error($"an object has more than {MaxMessages:N0} messages");
        else
            messages.Add(new Hdf5Message((byte)Math.Min(type, byte.MaxValue), flags, content));
    }
}
