namespace KeypointMl.Scoring;

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
        if (boxes is null)
            yield return new ExpectedFrame(input.Name, end, Whole, Beyond: input.Step);
        foreach (long frame in boxes?.FramesFrom(input.Name, end).Where(frame => (frame - input.First) % input.Step == 0) ?? [])
            yield return At(input, frame, boxes);
    }

    private static ExpectedFrame At(InputFile input, long frame, BoxTable? boxes)
    {
        string[] items = [.. boxes?.Of(input.Name, frame).Select(box => box.Track) ?? Whole];
        return items.Length > 0 ? new ExpectedFrame(input.Name, frame, items) : new ExpectedFrame(input.Name, frame, Whole, IsOptional: true);
    }
}
