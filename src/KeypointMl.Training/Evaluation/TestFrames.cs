using KeypointMl.Data.Frames;

namespace KeypointMl.Training.Evaluation;

/// <summary>
/// Whether labelled frames are among those that a run is measured on, whatever their split is called: 300-W's <c>common</c> and
/// <c>challenging</c> are parts of its <c>test</c>.
/// </summary>
internal static class TestFrames
{
    /// <summary>Looks for the same subject of the same frame of the same source.</summary>
    /// <param name="test">The frames that the run is measured on.</param>
    /// <param name="frames">Those of a split.</param>
    /// <param name="chosen">Which of them.</param>
    /// <param name="areOfTheRun">
    /// Whether the split is of the run's own data set. Frames of another one are the same where they are of the same files, whatever
    /// their subjects are called.
    /// </param>
    public static bool Have(IFrameSet test, IFrameSet frames, IEnumerable<int> chosen, bool areOfTheRun)
    {
        if (!areOfTheRun && !Files(test).Intersect(Files(frames)).Any())
            return false;
        HashSet<(string, long, string)> known = [.. Enumerable.Range(0, test.Count).Select(i => Key(test.GetId(i)))];
        return chosen.Any(i => known.Contains(Key(frames.GetId(i))));

        (string, long, string) Key(FrameId id) => (id.Source, id.Frame, areOfTheRun ? id.Item : "");
    }

    private static IEnumerable<string> Files(IFrameSet frames) => ((frames as ISourceFiles)?.SourceFiles ?? []).Select(Path.GetFullPath);
}
