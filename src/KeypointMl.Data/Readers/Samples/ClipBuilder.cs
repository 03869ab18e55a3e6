using KeypointMl.Data.Frames;

namespace KeypointMl.Data.Readers.Samples;

/// <summary>Makes clips of runs of frames.</summary>
internal static class ClipBuilder
{
    /// <summary>
    /// The name of the clip that an image's folder is; never empty, as errors without a clip's name count as independent
    /// ones.
    /// </summary>
    internal static string FolderOf(string image) =>
        Path.GetDirectoryName(image) is { Length: > 0 } folder ? folder.Replace('\\', '/') : ".";

    /// <summary>One clip per run of equal keys.</summary>
    internal static IReadOnlyList<Clip> Consecutive(IEnumerable<string> names) => Consecutive(names.Select(name => (name, "")));

    /// <inheritdoc cref="Consecutive(IEnumerable{string})"/>
    internal static IReadOnlyList<Clip> Consecutive(IEnumerable<(string Name, string Group)> keys) =>
        Consecutive(keys.Select(key => (key.Name, key.Group, 0)));

    /// <inheritdoc cref="Consecutive(IEnumerable{string})"/>
    /// <param name="keys">Names and groups of clips, and numbers that part clips of one name.</param>
    internal static IReadOnlyList<Clip> Consecutive(IEnumerable<(string Name, string Group, int Part)> keys)
    {
        var clips = new List<Clip>();
        (string Name, string Group, int Part)? current = null;
        int start = 0, index = 0;
        foreach ((string Name, string Group, int Part) key in keys)
        {
            if (current is not null && key != current)
                Close();
            current = key;
            index++;
        }
        if (current is not null)
            Close();
        return clips;

        void Close()
        {
            clips.Add(new Clip(current!.Value.Name, start, index - start, current.Value.Group));
            start = index;
        }
    }
}
