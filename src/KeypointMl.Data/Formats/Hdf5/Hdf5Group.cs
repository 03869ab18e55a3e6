using KeypointMl.Data.Formats.Landmarks;

namespace KeypointMl.Data.Formats.Hdf5;

/// <summary>A group: names that stand for objects.</summary>
internal sealed class Hdf5Group : Hdf5Object
{
    private const int MaxHops = 16;

    private List<Hdf5Link>? links;

    internal Hdf5Group(Hdf5File file, Hdf5Header header, string name)
        : base(file, header, name)
    {
    }

    /// <summary>Its links, in the file's order.</summary>
    internal IReadOnlyList<Hdf5Link> Links => links ??= Hdf5Links.Read(File, Header);

    /// <summary>
    /// The object of a path, or null where there is none. A soft link is followed within the file; one that leads out
    /// of it is refused.
    /// </summary>
    internal Hdf5Object? Find(string path) => Find(path, MaxHops);

    /// <summary>The object of a link of this group.</summary>
    /// <exception cref="InvalidDataException">The link leads nowhere, in a circle, or out of the file.</exception>
    internal Hdf5Object Follow(Hdf5Link link) => Follow(link, MaxHops);

    private Hdf5Object? Find(string path, int hops)
    {
        Hdf5Object? current = this;
        foreach (string part in path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != "."))
        {
            if (current is not Hdf5Group group || group.Links.FirstOrDefault(link => link.Name == part) is not Hdf5Link next)
                return null;
            current = group.Follow(next, hops);
        }
        return current;
    }

    private Hdf5Object Follow(Hdf5Link link, int hops)
    {
        string name = Name.Length == 0 ? link.Name : $"{Name}/{link.Name}";
        if (link.IsForeign)
        {
            throw new InvalidDataException($"{File.Path}: {name}: is a link that leads out of the file, which is not "
                + $"followed; copy what it leads to into the file (h5copy, or h5repack).");
        }
        if (link.Target is not string target)
            return Open(File, link.Address, name);
        if (hops == 0)
            throw new InvalidDataException($"{File.Path}: {name}: soft links lead in a circle, or over more than {MaxHops} others.");
        Hdf5Group start = target.StartsWith('/') ? new Hdf5Group(File, Hdf5Header.Read(File, File.Root), "") : this;
        return start.Find(target, hops - 1)
            ?? throw new InvalidDataException($"{File.Path}: {name}: is a soft link to '{TextNumbers.Shorten(target)}', "
            + "which is not there.");
    }
}
