using KeypointMl.Scoring.Inputs;

namespace KeypointMl.Scoring.Jobs.Results;

/// <summary>Says which rows inputs must have.</summary>
internal static class ExpectedFrames
{
    private static readonly IReadOnlyList<string> Whole = [""];

    /// <summary>The frames of inputs, in order.</summary>
    public static IEnumerable<ExpectedFrame> Of(IEnumerable<InputFile> inputs, BoxTable? boxes) =>
        inputs.SelectMany(input => input.IsImage ? [At(input, 0, boxes)] : OfVideo(input, boxes));

    private static IEnumerable<ExpectedFrame> OfVideo(InputFile input, BoxTable? boxes)
    {
        long end = input.First + input.Count!.Value * input.Step;
        for (long frame = input.First; frame < end; frame += input.Step)
            yield return At(input, frame, boxes);
        if (!input.ToEnd)
            yield break;
        foreach (long frame in boxes?.FramesFrom(input.Name, end).Where(frame => (frame - input.First) % input.Step == 0) ?? [])
        {
            yield return At(input, frame, boxes);
            end = frame + input.Step;
        }
        // Of a video that was damaged a row may say so behind its last frame, whether or not that has a box.
        yield return new ExpectedFrame(input.Name, end, Whole, IsOptional: boxes is not null, Beyond: input.Step);
    }

    private static ExpectedFrame At(InputFile input, long frame, BoxTable? boxes)
    {
        string[] items = [.. boxes?.Of(input.Name, frame).Select(box => box.Track) ?? Whole];
        return items.Length > 0
            ? new ExpectedFrame(input.Name, frame, items)
            : new ExpectedFrame(input.Name, frame, Whole, IsOptional: true);
    }
}

/// <summary>A frame of the inputs, and which rows it must have.</summary>
/// <param name="Source">The input's name.</param>
/// <param name="Frame">Its number.</param>
/// <param name="Items">The items of its rows, in order.</param>
/// <param name="IsOptional">It has no box: no row, or one that says why the frame could not be read.</param>
/// <param name="Beyond">Where greater than 0: any number of further frames of a video from here on, so far apart.</param>
internal readonly record struct ExpectedFrame(
    string Source, long Frame, IReadOnlyList<string> Items, bool IsOptional = false, int Beyond = 0);
