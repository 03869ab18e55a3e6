namespace KeypointMl.Data;

/// <summary>A file, or a folder of files, that a data set needs.</summary>
/// <param name="Path">Relative to the data root, with forward slashes.</param>
/// <param name="Size">Its size in bytes, or null where it is not known. Not for folders.</param>
/// <param name="Sha256">The SHA-256 of its content in lower-case hexadecimal, or null where it is not known. Not for folders.</param>
/// <param name="Count">For a folder: how many files it holds, at any depth, that match <paramref name="Pattern"/>. Null for a file.</param>
/// <param name="Pattern">For a folder: which of its files count, such as <c>*.jpg</c>.</param>
/// <param name="MinCount">For a folder whose exact number of files is not known: how many it holds at least. Null for a file, or where <paramref name="Count"/> says it.</param>
public sealed record ManifestFile(string Path, long? Size, string? Sha256, int? Count, string Pattern = "*", int? MinCount = null);
