using Microsoft.Win32.SafeHandles;

namespace KeypointMl.Data.Formats.Hdf5;

/// <summary>
/// The bytes of an HDF5 file. Nothing is read outside it, and both the work of following its structure and the memory
/// for what it holds are bounded: a hostile file ends in an
/// <see cref="InvalidDataException"/> that names the byte.
/// </summary>
internal sealed class Hdf5File : IDisposable
{
    /// <summary>An address that stands for none.</summary>
    internal const ulong Undefined = ulong.MaxValue;

    // Deflate makes 1,032 bytes of one at most, so a file that claims more than this many times its size is damaged.
    private const long MaxCompression = 1032;
    private const long StructureAllowance = 8L << 20;
    private const int StructureFactor = 8;
    private const int StructureCost = 64; // a look costs time, however little is read

    private readonly SafeFileHandle handle;
    private readonly ulong origin;
    private readonly long maxBytes;
    private long structureLeft;
    private long storedLeft;
    private long decodedLeft;
    private long bytesLeft;

    private Hdf5File(string path, SafeFileHandle handle, long maxBytes)
    {
        Path = path;
        this.handle = handle;
        Length = RandomAccess.GetLength(handle);
        this.maxBytes = Math.Min(maxBytes, Math.Max(Length, 1) > long.MaxValue / MaxCompression ? long.MaxValue : MaxCompression * Length);
        Renew();
        (origin, Root) = Hdf5Superblock.Read(this);
    }

    internal string Path { get; }

    internal long Length { get; }

    /// <summary>The address of the root group.</summary>
    internal ulong Root { get; }

    internal static Hdf5File Open(string path, long maxBytes)
    {
        SafeFileHandle handle = File.OpenHandle(path, options: FileOptions.RandomAccess);
        try
        {
            return new Hdf5File(path, handle, maxBytes);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>A structure of the file: a cursor over its bytes.</summary>
    internal Hdf5Cursor At(ulong address, long length)
    {
        CheckLength(address, length);
        structureLeft -= length + StructureCost;
        if (structureLeft < 0 || length > Array.MaxLength)
            throw Error(address, "following the file's structure does not end; it is damaged");
        byte[] bytes = new byte[length];
        ReadStored(address, bytes);
        return new Hdf5Cursor(this, bytes, address, 0, bytes.Length);
    }

    /// <summary>How many bytes follow an address.</summary>
    internal long BytesFrom(ulong address) => address <= (ulong)Length && origin + address <= (ulong)Length
        ? Length - (long)(origin + address)
        : 0;

    /// <summary>Fills memory with stored data.</summary>
    internal void ReadData(ulong address, Span<byte> destination)
    {
        CheckLength(address, destination.Length);
        storedLeft -= destination.Length;
        if (storedLeft < 0)
            throw Error(address, "the same bytes are used as data again and again; the file is damaged");
        ReadStored(address, destination);
    }

    /// <summary>Counts memory before it is taken.</summary>
    /// <exception cref="InvalidDataException">It is beyond the limit.</exception>
    internal void Take(long bytes, string where)
    {
        if (bytes < 0 || bytes > Array.MaxLength || bytes > bytesLeft)
        {
            throw new InvalidDataException($"{Path}: {where}: {bytes:N0} bytes more are beyond the limit; {bytesLeft:N0} of "
                + $"{maxBytes:N0} are left.");
        }
        bytesLeft -= bytes;
    }

    /// <summary>Counts bytes that are decoded, of which only a part may be wanted.</summary>
    /// <exception cref="InvalidDataException">They are beyond the limit.</exception>
    internal void Decode(long bytes, string where)
    {
        decodedLeft -= bytes;
        if (decodedLeft < 0)
            throw new InvalidDataException($"{Path}: {where}: decoding it takes more than the limit of {maxBytes:N0} bytes for this file.");
    }

    /// <summary>Starts the limits anew, for a file that stays open while parts of it are read and forgotten.</summary>
    internal void Renew()
    {
        structureLeft = storedLeft = StructureFactor * Length + StructureAllowance;
        decodedLeft = bytesLeft = maxBytes;
    }

    /// <summary>Allows a part of the file a number of bytes of its own.</summary>
    internal void Allow(long bytes) => (bytesLeft, decodedLeft) = (Math.Min(bytes, maxBytes), Math.Min(bytes, maxBytes));

    /// <summary>How many bytes may still be taken.</summary>
    internal long BytesLeft => bytesLeft;

    /// <summary>A complaint about a byte of the file.</summary>
    internal InvalidDataException Error(ulong address, string message) => new($"{Path}: byte {unchecked(origin + address)}: {message}.");

    public void Dispose() => handle.Dispose();

    private void CheckLength(ulong address, long length)
    {
        if (length < 0 || length > BytesFrom(address))
            throw Error(address, $"{length:N0} bytes are expected here, beyond the end of the file at byte {Length}; it is damaged");
    }

    private void ReadStored(ulong address, Span<byte> destination)
    {
        for (int filled = 0; filled < destination.Length;)
        {
            int read = RandomAccess.Read(handle, destination[filled..], (long)(origin + address) + filled);
            if (read == 0)
                throw Error(address, "the file became shorter while it was read");
            filled += read;
        }
    }
}
