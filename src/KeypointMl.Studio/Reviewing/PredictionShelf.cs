using System.Collections.Immutable;
using KeypointMl.Imaging.Files;
using KeypointMl.Scoring.Review;
using KeypointMl.Studio.Files;

namespace KeypointMl.Studio.Reviewing;

/// <summary>The predictions that are shown over their images and videos.</summary>
/// <param name="names">Knows which image or video a name of theirs means.</param>
internal sealed class PredictionShelf(SourceNames names)
{
    private readonly Lock access = new();
    private ImmutableArray<PredictionSet> sets = [];
    private ImmutableArray<PredictionSet> newest = [];

    /// <summary>All of them, in the order in which they came; one that is read anew keeps its place.</summary>
    public IReadOnlyList<PredictionSet> Sets
    {
        get
        {
            lock (access)
                return sets;
        }
    }

    /// <summary>Reads a file of predictions, or reads it anew.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellation">Asks to stop; nothing is added then.</param>
    /// <param name="video">The one video that all rows are of, where that is known; null: the rows name theirs.</param>
    /// <inheritdoc cref="PredictionReview.RunAsync" path="/exception"/>
    public async Task<PredictionSet> AddAsync(string path, CancellationToken cancellation, string? video = null)
    {
        path = Path.GetFullPath(path);
        ReviewedRows read = await ReviewedRows.ReadAsync(path, cancellation).ConfigureAwait(false);
        var added = new PredictionSet(path, read, names, video);
        names.Refresh();
        lock (access)
        {
            PredictionSet? before = sets.FirstOrDefault(set => set.Path == path);
            sets = before is null ? sets.Add(added) : sets.Replace(before, added);
            newest = [added, .. newest.Where(set => set != before)];
        }
        return added;
    }

    /// <summary>The predictions of an image or video, of several those that came last; null where there are none.</summary>
    /// <param name="path">The image or video.</param>
    public SourcePoses? Of(string path)
    {
        ImmutableArray<PredictionSet> all;
        lock (access)
            all = newest;
        return all.Select(set => set.Of(path)).FirstOrDefault(poses => poses is not null);
    }
}

/// <summary>A file of predictions.</summary>
internal sealed class PredictionSet
{
    private readonly ReviewedRows read;
    private readonly SourceNames names;
    private readonly string? video;
    private readonly Dictionary<string, SourcePoses> sources;
    private readonly HashSet<string> known;

    /// <param name="path">The file.</param>
    /// <param name="read">What it holds.</param>
    /// <param name="names">Knows which image or video a name means.</param>
    /// <param name="video">The one video that all rows are of; null: they name theirs.</param>
    public PredictionSet(string path, ReviewedRows read, SourceNames names, string? video)
    {
        (Path, this.read, this.names, this.video) = (path, read, names, video);
        sources = read.Rows.GroupBy(row => SourceNames.Plain(row.Source), StringComparer.Ordinal)
            .ToDictionary(source => source.Key, source => new SourcePoses(source.Key, read.Skeleton, source), StringComparer.Ordinal);
        known = [.. sources.Keys];
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>How many rows there are.</summary>
    public int Rows => read.Rows.Count;

    /// <summary>By what the page knows the images and videos that it is of; those that it cannot tell are left out.</summary>
    public IEnumerable<string> Files => known.Select(FileOf).OfType<string>();

    /// <summary>The predictions of an image or video; null where there are none.</summary>
    public SourcePoses? Of(string path)
    {
        if (video is not null)
            return path == video ? sources.Values.FirstOrDefault() : null;
        return names.SourceOf(path, known) is { } name ? sources[name] : null;
    }

    /// <summary>By what the page knows the image or video that a row names; null where that cannot be told.</summary>
    public string? FileOf(string source) => video is null ? names.FileOf(source, known) : names.IdOf(video);

    /// <summary>The rows that most likely are wrong, the worst first and spread out in time.</summary>
    /// <param name="count">How many at most.</param>
    /// <param name="threshold">Below it a confidence counts as low.</param>
    public IReadOnlyList<DoubtfulRow> Worst(int count, float threshold)
    {
        IReadOnlyList<ReviewedTrack> tracks = ReviewedTrack.Divide(read.Rows);
        if (tracks.Count == 0)
            throw new InvalidDataException($"{PrintableText.Of(Path)} has no row with keypoints; there is nothing to review.");
        List<Fault> faults = PredictionReview.FindFaults(read.Skeleton, tracks, threshold, events: null);
        return DoubtfulRow.Choose(DoubtfulRow.Rank(faults), count, PredictionReview.DefaultApart);
    }
}
