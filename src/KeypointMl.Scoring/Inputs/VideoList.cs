namespace KeypointMl.Scoring;

/// <summary>The videos among the inputs, by name.</summary>
/// <param name="isWanted">Whether somebody will ask for them.</param>
internal sealed class VideoList(bool isWanted)
{
    private readonly Dictionary<string, InputFile> videos = new(StringComparer.Ordinal);

    /// <summary>Passes the inputs on. The parts of a video that was divided among shards become one again.</summary>
    public IEnumerable<InputFile> Watch(IEnumerable<InputFile> inputs)
    {
        foreach (InputFile input in inputs)
        {
            if (isWanted && !input.IsImage)
                videos[input.Name] = videos.TryGetValue(input.Name, out InputFile? begun) ? begun with { Count = begun.Count + input.Count, ToEnd = input.ToEnd } : input;
            yield return input;
        }
    }

    /// <summary>The video of a name; null where it is none.</summary>
    public InputFile? Find(string name) => videos.GetValueOrDefault(name);
}
