using System.Globalization;
using System.Security.Cryptography;
using Google.Protobuf;
using KeypointMl.Onnx.Files;
using KeypointMl.Onnx.Protobuf;

namespace KeypointMl.Onnx.Model;

/// <summary>
/// Fetches tensors that lie in other files (https://github.com/onnx/onnx/blob/main/docs/ExternalData.md), from one
/// folder only and never through a link: the path stands in the model, so whoever made the model chose it.
/// </summary>
internal sealed class ExternalData(string? folder) : IDisposable
{
    private readonly string? folder = folder is null ? null : Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
    private readonly Dictionary<string, string> hashes = new(StringComparer.Ordinal);

    // Only the last one is kept open: a model may name more files than a process may open.
    private FileStream? file;

    /// <inheritdoc/>
    public void Dispose() => file?.Dispose();

    /// <summary>Reads a tensor's elements into the tensor.</summary>
    /// <exception cref="OnnxException">It is not allowed, or what the tensor says of the file is not so.</exception>
    public void Load(TensorProto tensor, OnnxElementType type, long count, string what)
    {
        if (this.folder is null)
        {
            throw new OnnxException(
                $"{what} lives in another file (external data), which is not followed unless asked: "
                + "such a path could name any file. Save the model with its weights inside, or name the folder that they "
                + $"may be read from in {nameof(OnnxLoadOptions)}.{nameof(OnnxLoadOptions.ExternalDataFolder)}.");
        }
        if (tensor.DataLocation != TensorProto.Types.DataLocation.External)
        {
            throw new OnnxException(
                $"{what} names another file (external_data) but says that its elements are inside (data_location): the file is corrupt.");
        }
        if (type == OnnxElementType.String)
            throw new OnnxException($"{what} is text in another file; text must be stored in the model.");
        Dictionary<string, string> entries = new(StringComparer.Ordinal);
        foreach (StringStringEntryProto entry in tensor.ExternalData)
        {
            if (!entries.TryAdd(entry.Key, entry.Value))
                throw new OnnxException($"{what} says '{PrintableText.Shorten(entry.Key)}' of its external data twice: the file is corrupt.");
        }
        FileStream file = Open(entries.GetValueOrDefault("location", ""), what);
        long expected = type.BytesFor(count);
        long offset = Number(entries, "offset", 0, what);
        long length = Number(entries, "length", expected, what);
        if (length != expected)
        {
            throw new OnnxException(
                $"{what} of shape [{string.Join(',', tensor.Dims)}] needs {expected} bytes and says that {length} lie in "
                + $"'{Path.GetFileName(file.Name)}': the file is corrupt.");
        }
        if (offset > file.Length - length)
        {
            throw new OnnxException(
                $"{what} lies at bytes {offset} to {(Int128)offset + length} of '{Path.GetFileName(file.Name)}', which has "
                + $"{file.Length}: one of the two files is truncated or of another model.");
        }
        if (entries.TryGetValue("checksum", out string? checksum) && !Hash(file).Equals(checksum, StringComparison.OrdinalIgnoreCase))
        {
            throw new OnnxException(
                $"{what} expects '{Path.GetFileName(file.Name)}' to have the SHA-1 '{PrintableText.Shorten(checksum)}'; "
                + $"it has '{Hash(file)}': it is of another model or was changed.");
        }
        if (length > Array.MaxLength)
            throw new OnnxException($"{what} has {length:N0} bytes; at most {Array.MaxLength:N0} can be read. Store it in several.");
        byte[] bytes = new byte[length];
        file.Position = offset;
        file.ReadExactly(bytes);
        tensor.RawData = UnsafeByteOperations.UnsafeWrap(bytes);
        tensor.DataLocation = TensorProto.Types.DataLocation.Default;
        tensor.ExternalData.Clear();
    }

    private static long Number(Dictionary<string, string> entries, string key, long fallback, string what)
    {
        if (!entries.TryGetValue(key, out string? text))
            return fallback;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new OnnxException(
                $"{what} has '{PrintableText.Shorten(text)}' as the {key} of its external data; expected a number of bytes.");
    }

    private FileStream Open(string location, string what)
    {
        string shown = PrintableText.Shorten(location);
        // Both separators count on every system, so that a model is refused here if it would reach out elsewhere.
        string[] parts = location.Split('/', '\\');
        if (location.Length == 0 || Path.IsPathRooted(location)
            || parts.Any(part => part is "" or ".." || part.Contains(':') || part.Contains('\0')))
            throw new OnnxException($"{what} lies in '{shown}'; expected a path relative to the folder of external data, without '..'.");
        string path = this.folder!;
        foreach (string part in parts)
        {
            path = Path.Combine(path, part);
            if (new FileInfo(path).LinkTarget is not null)
            {
                throw new OnnxException(
                    $"{what} lies in '{shown}', which is or goes through a symbolic link, as files in the cache of Hugging Face are; "
                    + "links are not followed. Put the file itself there: copy the folder with 'cp -rL', or download it into a "
                    + "folder of your own ('hf download … --local-dir DIR').");
            }
        }
        // Asked before opening, which would wait for ever for a pipe; a pipe has length 0.
        var file = new FileInfo(path);
        if (!file.Exists || (file.Attributes & (FileAttributes.Directory | FileAttributes.Device)) != 0 || file.Length == 0)
        {
            throw new OnnxException(
                $"{what} lies in '{shown}', which is no file in '{this.folder}', or an empty one. "
                + "Put it there, or name the folder that has it.");
        }
        if (this.file?.Name != path)
        {
            this.file?.Dispose();
            this.file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        return this.file;
    }

    private string Hash(FileStream file)
    {
        if (hashes.TryGetValue(file.Name, out string? hash))
            return hash;
        file.Position = 0;
        return hashes[file.Name] = Convert.ToHexStringLower(SHA1.HashData(file));
    }
}
