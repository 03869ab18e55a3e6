using KeypointMl.Scoring.Inputs;
using KeypointMl.Scoring.Rows;

namespace KeypointMl.Scoring.Jobs.Results;

/// <summary>Goes through the inputs of a shard beside its rows: every frame's rows must come once and in order.</summary>
internal sealed class ExpectedRows(IEnumerable<InputFile> inputs, BoxTable? boxes) : IDisposable
{
    private readonly IEnumerator<ExpectedFrame> frames = ExpectedFrames.Of(inputs, boxes).GetEnumerator();
    private ExpectedFrame current;
    private int next;
    private bool isOpen;

    /// <summary>Rows with keypoints so far.</summary>
    public long Ok { get; private set; }

    /// <summary>Rows without.</summary>
    public long Failed { get; private set; }

    /// <summary>Frames with rows.</summary>
    public long Frames { get; private set; }

    /// <summary>Takes the next row.</summary>
    /// <returns>What is wrong; null where it is the expected one.</returns>
    public string? Match(PredictionRow row)
    {
        while (true)
        {
            if (!Advance())
            {
                return $"{Describe(row.Source, row.Frame, row.Item)} is not expected here: "
                    + "it is of no input of the shard, or stands twice.";
            }
            // A video that has grown since it was planned may end, damaged, far behind what was expected.
            if (IsLaterEnd(row))
                current = current with { Frame = row.Frame };
            if (Fits(row))
                break;
            if (!MayBeMissing)
            {
                return $"expected {Describe(current.Source, current.Frame, current.Items[next])}, found "
                    + $"{Describe(row.Source, row.Frame, row.Item)}.";
            }
            isOpen = false;
        }
        if (next++ == 0)
            Frames++;
        if (row.Status == PredictionStatus.Ok)
            Ok++;
        else
            Failed++;
        return null;
    }

    /// <summary>Says which row is missing at the end; null where none is.</summary>
    public string? Finish()
    {
        do
        {
            if (isOpen && next < current.Items.Count && !MayBeMissing)
                return $"{Describe(current.Source, current.Frame, current.Items[next])} is missing.";
            isOpen = frames.MoveNext();
            (current, next) = (isOpen ? frames.Current : default, 0);
        }
        while (isOpen);
        return null;
    }

    /// <inheritdoc/>
    public void Dispose() => frames.Dispose();

    // To the row that is expected next; false at the end of the inputs.
    private bool Advance()
    {
        if (isOpen && next < current.Items.Count)
            return true;
        if (isOpen && current.Beyond > 0)
        {
            (current, next) = (current with { Frame = current.Frame + current.Beyond }, 0);
            return true;
        }
        isOpen = frames.MoveNext();
        (current, next) = (isOpen ? frames.Current : default, 0);
        return isOpen;
    }

    private bool Fits(PredictionRow row) =>
        (row.Source, row.Frame, row.Item) == (current.Source, current.Frame, current.Items[next])
        && !(current.IsOptional && row.Status == PredictionStatus.Ok);

    private bool IsLaterEnd(PredictionRow row) => current is { Beyond: > 0, IsOptional: true } && row.Status == PredictionStatus.Failed
        && row.Source == current.Source && row.Frame > current.Frame && (row.Frame - current.Frame) % current.Beyond == 0;

    private bool MayBeMissing => current.IsOptional || current.Beyond > 0;

    private static string Describe(string source, long frame, string item) =>
        FormattableString.Invariant($"frame {frame} of '{source}'{(item.Length > 0 ? $", item '{item}'" : "")}");
}
