using System.Globalization;
using System.Text;
using KeypointMl.Imaging.Files;

namespace KeypointMl.Imaging.Subjects;

/// <summary>
/// A CSV file of what was found in videos: <c>source</c> first where there are several. The rows of a video that fails are taken
/// back. The file appears under its name only after <see cref="Complete"/>.
/// </summary>
internal sealed class SubjectTable : IDisposable
{
    private readonly PendingFile file;
    private readonly StreamWriter writer;
    private readonly bool hasSource;
    private long kept;

    /// <param name="path">The file; its folder must exist. An old file is replaced.</param>
    /// <param name="columns">The header without <c>source</c>.</param>
    /// <param name="hasSource">Whether there are several videos.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    internal SubjectTable(string path, string columns, bool hasSource)
    {
        this.hasSource = hasSource;
        file = new PendingFile(path);
        var plain = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        writer = new StreamWriter(file.Content, plain, leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine($"{(hasSource ? "source," : "")}{columns}");
        Keep();
    }

    /// <summary>
    /// Writes <c>frame,track,x,y,width,height,score</c> of each subject, as a manifest's reader <c>video-boxes</c>
    /// reads it.
    /// </summary>
    internal void WriteBoxes(string source, FoundFrame frame)
    {
        foreach (FoundSubject subject in frame.Subjects)
        {
            (float x, float y, float width, float height) = subject.Box;
            Write(source, string.Create(
                CultureInfo.InvariantCulture,
                $"{frame.Number},{subject.Track},{x:F1},{y:F1},{width:0.#},{height:0.#},{subject.Score:F2}"));
        }
    }

    /// <summary>Writes <c>frame,event,track,other</c> of each event.</summary>
    internal void WriteEvents(string source, FoundFrame frame)
    {
        foreach (SubjectEvent happened in frame.Events)
        {
            string kind = happened.Kind.ToString().ToLowerInvariant();
            Write(source, string.Create(CultureInfo.InvariantCulture, $"{happened.Frame},{kind},{happened.Track},{happened.Other}"));
        }
    }

    /// <summary>Keeps what was written so far, whatever happens to the next video.</summary>
    internal void Keep()
    {
        writer.Flush();
        kept = file.Content.Position;
    }

    /// <summary>Takes back what was written since the last <see cref="Keep"/>.</summary>
    internal void Undo()
    {
        writer.Flush();
        file.Content.SetLength(kept);
        file.Content.Position = kept;
    }

    /// <summary>Gives the file its name.</summary>
    internal void Complete()
    {
        writer.Flush();
        file.Complete();
    }

    /// <summary>Deletes what was not completed.</summary>
    public void Dispose() => file.Dispose();

    private void Write(string source, string row)
    {
        writer.WriteLine(hasSource ? $"{CsvText.Quote(source)},{row}" : row);
    }
}
