using KeypointMl.Data.Frames;

namespace KeypointMl.Data.Readers.Samples;

/// <summary>Makes clips of runs of frames.</summary>
internal static class ClipBuilder
{
    /// <summary>One clip per run of equal keys.</summary>
    internal static IReadOnlyList<Clip> Consecutive(
        IEnumerable<string> keys, Func<string, string>? name = null, Func<int, string>? group = null)
    {
        var clips = new List<Clip>();
        string? current = null;
        int start = 0, index = 0;
        foreach (string key in keys)
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
            clips.Add(new Clip(name?.Invoke(current!) ?? current!, start, index - start, group?.Invoke(start) ?? ""));
            start = index;
        }
    }
}
