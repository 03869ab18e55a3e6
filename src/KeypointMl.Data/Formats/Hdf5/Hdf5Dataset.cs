namespace KeypointMl.Data.Formats.Hdf5;

/// <summary>A data set: elements of a type, in a space, stored in a layout.</summary>
internal sealed class Hdf5Dataset : Hdf5Object
{
    private Hdf5Type? type;
    private Hdf5Space? space;
    private Hdf5Layout? layout;

    internal Hdf5Dataset(Hdf5File file, Hdf5Header header, string name)
        : base(file, header, name)
    {
    }

    internal Hdf5Type Type => type ??= Hdf5Type.Read(Required(Hdf5Message.Datatype));

    internal Hdf5Space Space => space ??= Hdf5Space.Read(Required(Hdf5Message.Dataspace));

    /// <summary>The number of elements, which are within the limit.</summary>
    internal int Count
    {
        get
        {
            long count = Space.Count();
            if (count > Array.MaxLength / Math.Max(Type.Size, 1))
                throw Error($"{string.Join('×', Space.Dimensions)} elements, {Type}, are more than can be read");
            return (int)count;
        }
    }

    /// <summary>Makes numbers and texts of its elements.</summary>
    internal Hdf5Values Values => new(File, Type, Name);

    /// <summary>Makes numbers and texts of one of its columns.</summary>
    internal Hdf5Values ValuesOf(Hdf5Member member) => new(File, member.Type, $"{Name}.{member.Name}");

    private Hdf5Layout Layout => layout ??= Hdf5Layout.Read(File, Header, this);

    /// <summary>The bytes of all elements, in the file's order.</summary>
    internal byte[] Read() => Layout.ReadRows(0, Space.Dimensions.Count == 0 ? 1 : Space.Dimensions[0]);

    /// <summary>The bytes of one index along the first dimension.</summary>
    internal byte[] ReadRow(long row) => Layout.ReadRows(row, 1);

    private Hdf5Cursor Required(int message) => Header.Open(message)
        ?? throw Header.Error($"'{Name}' is no complete data set; a message of type {message} is missing");
}
