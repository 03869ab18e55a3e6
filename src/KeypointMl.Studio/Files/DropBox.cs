using System.Text;
using KeypointMl.Imaging.Files;
using KeypointMl.Imaging.Images;
using KeypointMl.Imaging.Video;
using KeypointMl.Studio.Answers;
using Microsoft.AspNetCore.Http;

namespace KeypointMl.Studio.Files;

/// <summary>
/// What is dropped on the page: kept in a temporary folder while the studio runs, and only if it is an image or a video.
/// </summary>
/// <param name="folder">The folder, which is there.</param>
/// <param name="mostBytes">How large one file may be.</param>
internal sealed class DropBox(string folder, long mostBytes)
{
    /// <summary>How long a name may be in UTF-8, so that with an ending it still is below the 255 bytes of file systems.</summary>
    public const int MostNameBytes = 160;

    private const int MostFiles = 200;

    private readonly SemaphoreSlim one = new(1, 1);

    /// <summary>How large one file may be.</summary>
    public long MostBytes => mostBytes;

    /// <summary>Keeps a file.</summary>
    /// <param name="name">Its name; of a path only the end counts.</param>
    /// <param name="content">Its bytes.</param>
    /// <param name="cancellation">Asks to stop; nothing is kept then.</param>
    /// <returns>By what the page asks for it.</returns>
    /// <exception cref="RefusedException">It is too large, no image or video, or there are too many.</exception>
    public async Task<FileEntry> KeepAsync(string name, Stream content, CancellationToken cancellation)
    {
        name = PlainName(name);
        FileKind kind = VisibleFiles.KindOf(name);
        if (kind is not (FileKind.Image or FileKind.Video))
        {
            throw new RefusedException(
                StatusCodes.Status415UnsupportedMediaType, $"'{name}' is not named like an image or a video that can be read.");
        }
        await one.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            RequireRoom();
            string path = FreePath(name), pending = path + ".part" + Path.GetExtension(name);
            try
            {
                await CopyAsync(content, pending, cancellation).ConfigureAwait(false);
                await Task.Run(() => RequireReadable(pending, name, kind), cancellation).ConfigureAwait(false);
                File.Move(pending, path);
            }
            finally
            {
                File.Delete(pending);
            }
            string kept = Path.GetFileName(path);
            return new FileEntry($"{VisibleFiles.Dropped}/{kept}", kept, kind.ToString().ToLowerInvariant());
        }
        finally
        {
            one.Release();
        }
    }

    private static string PlainName(string name)
    {
        name = name[(name.LastIndexOfAny(['/', '\\']) + 1)..];
        char[] odd = Path.GetInvalidFileNameChars();
        name = new string([.. name.Where(letter => !odd.Contains(letter) && !char.IsControl(letter))]).TrimStart('.', ' ');
        string extension = Path.GetExtension(name);
        return Encoding.UTF8.GetByteCount(name) <= MostNameBytes ? name : Start(Path.GetFileNameWithoutExtension(name)) + extension;

        string Start(string stem)
        {
            int left = MostNameBytes - Encoding.UTF8.GetByteCount(extension);
            return string.Concat(stem.EnumerateRunes().TakeWhile(letter => (left -= letter.Utf8SequenceLength) >= 0));
        }
    }

    private void RequireRoom()
    {
        if (Directory.EnumerateFiles(folder).Count() >= MostFiles)
        {
            throw new RefusedException(
                StatusCodes.Status409Conflict,
                $"{MostFiles} files were dropped already. Start the studio with their folder instead: keypointml studio FOLDER");
        }
    }

    private string FreePath(string name)
    {
        string path = Path.Combine(folder, name);
        for (int i = 2; File.Exists(path); i++)
            path = Path.Combine(folder, $"{Path.GetFileNameWithoutExtension(name)}-{i}{Path.GetExtension(name)}");
        return path;
    }

    private async Task CopyAsync(Stream content, string path, CancellationToken cancellation)
    {
        await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        byte[] buffer = new byte[1 << 16];
        long copied = 0;
        for (int read; (read = await content.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0;)
        {
            copied += read;
            if (copied > mostBytes)
                throw TooLarge();
            await file.WriteAsync(buffer.AsMemory(0, read), cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>What is said of a file that is too large.</summary>
    public RefusedException TooLarge() => new(
        StatusCodes.Status413PayloadTooLarge,
        $"The file has more than {mostBytes / (1 << 20):N0} MB. Start the studio with its folder instead: keypointml studio FOLDER");

    private static void RequireReadable(string path, string name, FileKind kind)
    {
        try
        {
            if (kind == FileKind.Image)
                ImageDecoder.Decode(path, PictureLimits.Images);
            else
                VideoProbe.Read(path);
        }
        catch (InvalidDataException error)
        {
            throw new RefusedException(
                StatusCodes.Status422UnprocessableEntity,
                error.Message.Replace(PrintableText.Of(path), PrintableText.Of(name), StringComparison.Ordinal));
        }
    }
}

/// <summary>How much a picture may hold, so that several at once fit in memory.</summary>
internal static class PictureLimits
{
    /// <summary>Of still images: 40 million pixels, 120 MB decoded.</summary>
    public static ImageDecoderOptions Images { get; } = new() { MaxPixels = 40_000_000 };
}
