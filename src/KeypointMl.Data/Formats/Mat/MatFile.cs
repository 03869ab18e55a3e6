using KeypointMl.Data.Formats.Hdf5;

namespace KeypointMl.Data.Formats.Mat;

/// <summary>
/// The variables of a MATLAB file: version 5 (what <c>save -v6</c> and <c>-v7</c> write, compressed or not; "MAT-File
/// Format", The MathWorks, R2023b) and version 7.3 (HDF5). Numbers, text, cell arrays and structs are read; objects,
/// function handles and sparse matrices are not, and complain when they are used.
/// </summary>
public sealed class MatFile
{
    private readonly Dictionary<string, MatValue> variables;

    internal MatFile(string path, Dictionary<string, MatValue> variables)
    {
        Path = path;
        this.variables = variables;
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The names of the variables.</summary>
    public IEnumerable<string> Names => variables.Keys;

    /// <summary>A variable.</summary>
    /// <exception cref="InvalidDataException">There is no such variable; the message lists those there are.</exception>
    public MatValue this[string name] => Find(name) ?? throw new InvalidDataException(
        $"{Path}: there is no variable '{name}'; "
        + $"the file has {(variables.Count == 0 ? "none" : string.Join(", ", variables.Keys.Take(20)))}.");

    /// <summary>A variable, or null where there is none of that name.</summary>
    public MatValue? Find(string name) => variables.GetValueOrDefault(name);

    /// <summary>Reads a file.</summary>
    /// <param name="path">The .mat file.</param>
    /// <param name="options">Limits; null for the defaults.</param>
    /// <param name="only">
    /// The variables to keep; null for all. Others are skipped without being decompressed where the format allows.
    /// </param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// It is no MATLAB file, damaged, truncated or beyond the limits; the message names file, variable and byte.
    /// </exception>
    public static MatFile Read(string path, MatFileOptions? options = null, IReadOnlySet<string>? only = null)
    {
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no file {path}.", path);
        options ??= MatFileOptions.Default;
        using FileStream stream = File.OpenRead(path);
        if (Hdf5Superblock.IsHdf5(stream))
            return Mat73Reader.Read(path, options, only);
        stream.Position = 0;
        return Mat5Reader.Read(stream, path, options, only);
    }
}

/// <summary>Limits for MATLAB files that may come from anywhere.</summary>
public sealed record MatFileOptions
{
    /// <summary>The defaults.</summary>
    public static MatFileOptions Default { get; } = new();

    /// <summary>
    /// The most bytes that one variable may have after decompression: 1 GiB by default. A small file that claims more
    /// is refused before memory is taken for it.
    /// </summary>
    public long MaxVariableBytes { get; init; } = 1L << 30;

    /// <summary>
    /// The most bytes that all variables that are read may have together, with what the items of cells and structs
    /// take: 2 GiB by default.
    /// </summary>
    public long MaxFileBytes { get; init; } = 2L << 30;

    /// <summary>How deep cells and structs may be nested: 32 by default.</summary>
    public int MaxDepth { get; init; } = 32;
}
