using PureHDF;
using PureHDF.VOL.Native;

namespace KeypointMl.Data;

/// <summary>
/// An open HDF5 file (read through PureHDF): whatever goes wrong inside becomes a complaint with file and path, and no data set is read that claims more bytes than the limit.
/// </summary>
internal sealed class Hdf5Source : IDisposable
{
    // Deflate makes 1,032 bytes of one at most, so a data set that claims more than this many times the file's size is damaged.
    private const long MaxCompression = 1032;

    private readonly NativeFile file;
    private readonly long maxBytes;

    private Hdf5Source(string path, NativeFile file, long maxBytes)
    {
        Path = path;
        this.file = file;
        this.maxBytes = Math.Min(Math.Min(maxBytes, Array.MaxLength), MaxCompression * new FileInfo(path).Length);
    }

    internal string Path { get; }

    internal IH5Group Root => file;

    internal static Hdf5Source Open(string path, long maxBytes)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no file {path}.", path);
        CheckLength(path);
        return new Hdf5Source(path, Guard(path, "/", () => H5File.OpenRead(path)), maxBytes);
    }

    /// <summary>Runs an action on the file; what it throws becomes a complaint about an object in it.</summary>
    internal T Read<T>(string where, Func<T> action) => Guard(Path, where, action);

    /// <summary>An object of the file, or null where there is none of that name.</summary>
    internal IH5Object? Find(string name) => Read(name, () => file.LinkExists(name) ? file.Get(name) : null);

    /// <summary>A data set that must be there.</summary>
    internal IH5Dataset Dataset(string name) => Find(name) as IH5Dataset
        ?? throw Error(name, $"there is no such data set; the file has {string.Join(", ", Read("/", () => file.Children().Select(child => child.Name).Take(20).ToArray()))}");

    /// <summary>All elements of a data set as numbers, in the file's order.</summary>
    internal double[] Doubles(IH5Dataset dataset, string where) => Hdf5Numbers.Read(this, dataset, where).ToDoubles();

    /// <summary>All elements of a data set of texts.</summary>
    internal string[] Texts(IH5Dataset dataset, string where)
    {
        int count = CheckedCount(dataset, where);
        if (count == 0)
            return [];
        if (dataset.Type.Class is not (H5DataTypeClass.String or H5DataTypeClass.VariableLength))
            throw Error(where, $"expected texts; found {dataset.Type.Class}");
        return [.. Read(where, () => dataset.Space.Rank == 0 ? [dataset.Read<string>()] : dataset.Read<string[]>(memoryDims: [(ulong)count])).Select(text => text ?? "")];
    }

    /// <summary>The size of a data set along each dimension.</summary>
    internal int[] Dimensions(IH5Dataset dataset, string where)
    {
        CheckedCount(dataset, where);
        return Array.ConvertAll(dataset.Space.Dimensions, size => (int)size);
    }

    /// <summary>The number of elements of a data set, which is within the limit.</summary>
    internal int CheckedCount(IH5Dataset dataset, string where)
    {
        (ulong[] dimensions, int size, bool isNull) = Read(where, () => (dataset.Space.Dimensions, dataset.Type.Size, dataset.Space.Type == H5DataspaceType.Null));
        if (isNull)
            return 0;
        UInt128 count = 1;
        foreach (ulong dimension in dimensions)
            count *= Math.Min(dimension, int.MaxValue + 1UL);
        if (count * (UInt128)Math.Max(size, 1) > (UInt128)maxBytes)
            throw Error(where, $"{string.Join('×', dimensions)} elements of {size} bytes are more than the limit of {maxBytes:N0} bytes for this file");
        return (int)count;
    }

    internal InvalidDataException Error(string where, string message) => new($"{Path}: {where}: {message}.");

    public void Dispose() => file.Dispose();

    private static void CheckLength(string path)
    {
        using FileStream stream = File.OpenRead(path);
        if (!Hdf5Superblock.IsHdf5(stream))
            throw new InvalidDataException($"{path}: byte 0: this is no HDF5 file; its signature is missing.");
        if (Hdf5Superblock.EndOfFile(stream) is long end && end > stream.Length)
            throw new InvalidDataException($"{path}: byte {stream.Length}: the file ends here; it had {end:N0} bytes when it was written. It is truncated; copy it again.");
    }

    // PureHDF has no exception of its own: a damaged file shows as whatever its parsing runs into.
    private static T Guard<T>(string path, string where, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception error) when (error is not (OperationCanceledException or FileNotFoundException) && !error.Message.StartsWith(path, StringComparison.Ordinal))
        {
            throw new InvalidDataException($"{path}: {where}: cannot be read as HDF5 ({error.Message.Split('\n')[0].Trim().TrimEnd('.')}); the file is damaged, truncated, or uses a feature that is not read.", error);
        }
    }
}
