using System.Collections.Immutable;
using KeypointMl.Imaging;
using KeypointMl.Imaging.Files;
using KeypointMl.Imaging.Images;
using KeypointMl.Inference.Contracts;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Scoring.Rows;

namespace KeypointMl.Scoring.Review;

/// <summary>
/// Finds the frames of a video's predictions that most likely are wrong, and shows them on one HTML page that needs nothing
/// else: low confidence, jumps, odd bones, flips and track events, ranked by one score and spread out in time.
/// </summary>
public sealed record PredictionReview
{
    /// <summary>How many frames are shown where nobody says.</summary>
    public const int DefaultCount = 50;

    /// <summary>The confidence below which it counts as low where nobody says.</summary>
    public const float DefaultThreshold = 0.5f;

    /// <summary>How many scored frames apart neighbours with the same fault are where nobody says.</summary>
    public const int DefaultApart = 25;

    /// <summary>What <c>score</c> wrote: <c>.parquet</c>, <c>.csv</c>, <c>.jsonl</c>, <c>.json</c>; or another tool's poses.</summary>
    public required string Predictions { get; init; }

    /// <summary>The page: <c>.html</c>.</summary>
    public required string Page { get; init; }

    /// <summary>The same list as CSV: <c>source,frame,time,track,score,reasons,keypoints</c>; null for none.</summary>
    public string? Table { get; init; }

    /// <summary>
    /// The images and videos that were scored, as they were given then; empty: looked for by their names beside the predictions
    /// and in the current folder.
    /// </summary>
    public ImmutableArray<string> Inputs { get => field.IsDefault ? [] : field; init; }

    /// <summary>The events that <c>find</c> wrote; null: gaps, beginnings and ends of tracks are taken from the predictions.</summary>
    public string? Events { get; init; }

    /// <summary>
    /// The detector, which knows the skeleton's edges and pairs; null: as the predictions say, which Parquet files do.
    /// </summary>
    public string? Model { get; init; }

    /// <summary>How many frames are listed at most; 1 to 1,000.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside.</exception>
    public int Count { get; init => field = Guard.Between(value, 1, 1000); } = DefaultCount;

    /// <summary>A confidence below this counts as low, where the keypoint usually has more; 0 to 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside.</exception>
    public float Threshold { get; init => field = Guard.Between(value, 0f, 1f); } = DefaultThreshold;

    /// <summary>
    /// A row is left out where a more doubtful one of its track, fewer than so many scored frames away, has its gravest fault
    /// too; 1 or more.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is smaller.</exception>
    public int Apart { get; init => field = Guard.AtLeast(value, 1); } = DefaultApart;

    private const int ShortTrack = 30;

    /// <summary>Reads, looks and writes.</summary>
    /// <param name="cancellation">Asks to stop; nothing is written then.</param>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidDataException">
    /// A file is damaged or does not fit the others, no row has keypoints, or an output would replace an input; the message says
    /// which.
    /// </exception>
    /// <exception cref="ArgumentException">An output is a folder, or lies in a missing one.</exception>
    /// <exception cref="IOException">An output cannot be written.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> asked to stop.</exception>
    public async Task<ReviewSummary> RunAsync(CancellationToken cancellation = default)
    {
        foreach (string output in new[] { Page, Table }.OfType<string>())
        {
            if (OutputPath.Problem(output) is { } problem)
                throw new ArgumentException($"An output {problem}");
        }
        var guard = new OutputGuard(new[] { Page, Table }.OfType<string>());
        foreach (string? file in (string?[])[Predictions, Events, Model])
            guard.Require(file);
        ReviewedRows read = await ReviewedRows.ReadAsync(Predictions, cancellation).ConfigureAwait(false);
        if (Model is not null)
        {
            var contract = ModelContract.Read(ModelFile.ReadAllBytes(Model), Model, ModelKind.Detector);
            read = read.With(contract.Metadata.Skeleton, Model, Predictions);
        }
        IReadOnlyList<ReviewedTrack> tracks = ReviewedTrack.Divide(read.Rows);
        if (tracks.Count == 0)
            throw new InvalidDataException($"{Predictions} has no row with keypoints; there is nothing to review.");
        var media = new ReviewMedia(Inputs, Predictions, tracks.Select(track => track.Source));
        foreach (ReviewedTrack track in tracks)
            guard.Require(media.Find(track.Source));
        IReadOnlyList<DoubtfulRow> ranked = DoubtfulRow.Rank(FindFaults(read.Skeleton, tracks, Threshold, Events));
        IReadOnlyList<DoubtfulRow> chosen = DoubtfulRow.Choose(ranked, Count, Apart);
        ReviewedItem[] items = Show(chosen, media, read, cancellation);
        var summary = new ReviewSummary(
            read.Rows.Count, read.Rows.Count(row => row.Status == PredictionStatus.Failed), tracks.Count, ranked.Count, items.Length,
            [.. media.Notes]);
        var page = new ReviewPage(this, read, tracks, items, summary);
        cancellation.ThrowIfCancellationRequested();
        if (Table is not null)
            ReviewTable.Write(items, read.Skeleton, Table);
        AtomicFile.WriteAllText(Page, page.Render());
        return summary;
    }

    /// <summary>Everything that speaks for rows being wrong.</summary>
    /// <param name="skeleton">Names the keypoints.</param>
    /// <param name="tracks">The rows.</param>
    /// <param name="threshold">Below it a confidence counts as low.</param>
    /// <param name="events">See <see cref="Events"/>.</param>
    internal static List<Fault> FindFaults(Skeleton skeleton, IReadOnlyList<ReviewedTrack> tracks, float threshold, string? events)
    {
        var poses = new PoseFaults(skeleton);
        List<Fault> faults = [.. poses.Confidence(tracks, threshold)];
        if (events is not null)
            faults.AddRange(TrackFaults.OfEvents(events, tracks));
        foreach (IGrouping<string, ReviewedTrack> source in tracks.GroupBy(track => track.Source, StringComparer.Ordinal))
        {
            UsualValues?[] bones = poses.UsualBones(source.SelectMany(track => track.Rows));
            (long first, long last) = (source.Min(track => track.Rows[0].Frame), source.Max(track => track.Rows[^1].Frame));
            foreach (ReviewedTrack track in source)
            {
                faults.AddRange(poses.Jumps(track));
                // A short track does not tell what is usual; its video does.
                faults.AddRange(poses.Bones(track, track.Rows.Count < ShortTrack ? bones : poses.UsualBones(track.Rows)));
                faults.AddRange(poses.Flips(track));
                if (events is null)
                    faults.AddRange(TrackFaults.OfGaps(track, first, last));
            }
        }
        return faults;
    }

    private static ReviewedItem[] Show(
        IReadOnlyList<DoubtfulRow> chosen, ReviewMedia media, ReviewedRows read, CancellationToken cancellation)
    {
        ReviewedItem[] items = [.. chosen.Select((row, i) => new ReviewedItem(i + 1, row))];
        foreach (IGrouping<string, ReviewedItem> source in items.GroupBy(item => item.Doubt.Row.Source, StringComparer.Ordinal))
        {
            Func<long, double?> times = media.TimesOf(source.Key, cancellation);
            foreach (ReviewedItem item in source)
                item.Seconds = times(item.Doubt.Row.Frame);
            ILookup<long, ReviewedItem> byFrame = source.ToLookup(item => item.Doubt.Row.Frame);
            media.Read(source.Key, byFrame.Select(frame => frame.Key), Draw, cancellation);

            void Draw(long frame, RgbImage image)
            {
                foreach (ReviewedItem item in byFrame[frame])
                    item.Picture = Thumbnail.Of(image, item.Doubt.Row, read.Skeleton);
            }
        }
        return items;
    }
}

/// <summary>What a review found.</summary>
/// <param name="Rows">Rows of the predictions.</param>
/// <param name="Failed">Those without keypoints.</param>
/// <param name="Tracks">Subjects of videos and images.</param>
/// <param name="Doubtful">Rows of which something speaks for their being wrong.</param>
/// <param name="Listed">How many of them are on the page.</param>
/// <param name="Notes">Why some have no picture.</param>
public sealed record ReviewSummary(long Rows, long Failed, int Tracks, long Doubtful, int Listed, IReadOnlyList<string> Notes);

/// <summary>A row on the page.</summary>
/// <param name="rank">Its place, from 1.</param>
/// <param name="doubt">The row and what speaks for its being wrong.</param>
internal sealed class ReviewedItem(int rank, DoubtfulRow doubt)
{
    public int Rank { get; } = rank;

    public DoubtfulRow Doubt { get; } = doubt;

    /// <summary>Where it is in the video; null where that is not known.</summary>
    public double? Seconds { get; set; }

    /// <summary>Null where the frame cannot be read.</summary>
    public Thumbnail? Picture { get; set; }
}
