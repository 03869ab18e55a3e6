namespace KeypointMl.Data.Formats.Hdf5;

/// <summary>
/// An open HDF5 file of which named parts are read. No other file is read, whatever it says; its structure is
/// followed only as long as it leads on; and what is read of it is no more than the limit.
/// </summary>
internal sealed class Hdf5Source : IDisposable
{
    private readonly Hdf5File file;

    private Hdf5Source(Hdf5File file)
    {
        this.file = file;
        Root = new Hdf5Group(file, Hdf5Header.Read(file, file.Root), "");
    }

    internal string Path => file.Path;

    /// <summary>How many bytes the file has.</summary>
    internal long Length => file.Length;

    internal Hdf5Group Root { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">The most bytes that are taken for what is read of it.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no HDF5 file, damaged or truncated.</exception>
    internal static Hdf5Source Open(string path, long maxBytes)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no file {path}.", path);
        var file = Hdf5File.Open(path, maxBytes);
        try
        {
            return new Hdf5Source(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>An object of the file, or null where there is none of that name.</summary>
    internal Hdf5Object? Find(string name) => Root.Find(name);

    /// <summary>A data set that must be there.</summary>
    internal Hdf5Dataset Dataset(string name) => Find(name) as Hdf5Dataset
        ?? throw Error(name, $"there is no such data set; the file has {string.Join(", ", Root.Links.Take(20).Select(link => link.Name))}");

    /// <summary>An object that a reference leads to.</summary>
    internal Hdf5Object Open(ulong address, string name) => Hdf5Object.Open(file, address, name);

    /// <summary>Counts memory before it is taken.</summary>
    internal void Take(long bytes, string where) => file.Take(bytes, where);

    /// <summary>Allows a part of the file a number of bytes of its own.</summary>
    internal void Allow(long bytes) => file.Allow(bytes);

    /// <summary>How many bytes may still be taken.</summary>
    internal long BytesLeft => file.BytesLeft;

    /// <summary>Starts the limits anew, for a file that stays open while parts of it are read and forgotten.</summary>
    internal void Renew() => file.Renew();

    /// <summary>All elements of a data set as numbers, in the file's order.</summary>
    internal double[] Doubles(Hdf5Dataset dataset)
    {
        Hdf5Values values = dataset.Values;
        if (!values.IsNumber)
            throw values.Wrong("numbers");
        file.Take(sizeof(double) * (long)dataset.Count, dataset.Name);
        byte[] bytes = dataset.Read();
        var numbers = new double[bytes.Length / dataset.Type.Size];
        for (int i = 0; i < numbers.Length; i++)
            numbers[i] = values.Number(bytes.AsSpan(i * dataset.Type.Size, dataset.Type.Size));
        return numbers;
    }

    /// <summary>All elements of a data set of texts.</summary>
    internal string[] Texts(Hdf5Dataset dataset)
    {
        Hdf5Values values = dataset.Values;
        if (dataset.Count == 0)
            return [];
        if (!dataset.Type.IsText)
            throw values.Wrong("texts");
        file.Take(IntPtr.Size * (long)dataset.Count, dataset.Name);
        byte[] bytes = dataset.Read();
        int size = Math.Max(dataset.Type.Size, 1);
        return [.. Enumerable.Range(0, bytes.Length / size).Select(i => values.Text(bytes.AsSpan(i * size, size)))];
    }

    internal InvalidDataException Error(string where, string message) => new($"{Path}: {where}: {message}.");

    public void Dispose() => file.Dispose();
}
