namespace KeypointMl.Data.Formats.Hdf5;

/// <summary>A group, a data set, or something else that has a name in a file.</summary>
internal class Hdf5Object
{
    protected Hdf5Object(Hdf5File file, Hdf5Header header, string name)
    {
        File = file;
        Header = header;
        Name = name;
    }

    /// <summary>Its path in the file.</summary>
    internal string Name { get; }

    /// <summary>Where its header is: what tells one object from another.</summary>
    internal ulong Address => Header.Address;

    protected Hdf5File File { get; }

    protected Hdf5Header Header { get; }

    internal static Hdf5Object Open(Hdf5File file, ulong address, string name)
    {
        var header = Hdf5Header.Read(file, address);
        if (header.Has(Hdf5Message.Layout) || header.Has(Hdf5Message.ExternalFiles))
            return new Hdf5Dataset(file, header, name);
        return header.Has(Hdf5Message.SymbolTable) || header.Has(Hdf5Message.LinkInfo) || header.Has(Hdf5Message.Link)
            || header.Has(Hdf5Message.GroupInfo)
            ? new Hdf5Group(file, header, name)
            : new Hdf5Object(file, header, name);
    }

    /// <summary>An attribute, or null where there is none of that name.</summary>
    internal Hdf5Attribute? Attribute(string attribute) => Hdf5Attribute.Find(File, Header, attribute, $"{Name}.{attribute}");

    /// <summary>A complaint about this object.</summary>
    internal InvalidDataException Error(string message) => new($"{File.Path}: {Name}: {message}.");
}
