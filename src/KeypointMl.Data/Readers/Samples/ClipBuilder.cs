using KeypointMl.Data.Frames;

namespace KeypointMl.Data.Readers.Samples;

/// <summary>Makes clips of runs of frames.</summary>
internal static class ClipBuilder
{
    /// <summary>One clip per run of equal keys.</summary>
    internal static IReadOnlyList<Clip> Consecutive(IEnumerable<string> names) => Consecutive(names.Select(name => (name, "")));

    /// <inheritdoc cref="Consecutive(IEnumerable{string})"/>
    internal static IReadOnlyList<Clip> Consecutive(IEnumerable<(string Name, string Group)> keys)
    {
        var clips = new List<Clip>();
        (string Name, string Group)? current = null;
        int start = 0, index = 0;
        foreach ((string Name, string Group) key in keys)
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
