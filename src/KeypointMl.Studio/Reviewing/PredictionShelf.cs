using System.Collections.Concurrent;
using KeypointMl.Imaging.Files;
using KeypointMl.Scoring.Review;

namespace KeypointMl.Studio.Reviewing;

/// <summary>The predictions that are shown over their images and videos.</summary>
internal sealed class PredictionShelf
{
    private readonly ConcurrentDictionary<string, PredictionSet> sets = new(StringComparer.Ordinal);

    /// <summary>All of them, in order of their names.</summary>
    public IReadOnlyList<PredictionSet> Sets => [.. sets.Values.OrderBy(set => set.Path, StringComparer.Ordinal)];

    /// <summary>Reads a file of predictions, or reads it anew.</summary>
    /// <inheritdoc cref="PredictionReview.RunAsync" path="/exception"/>
    public async Task<PredictionSet> AddAsync(string path, CancellationToken cancellation)
    {
        path = Path.GetFullPath(path);
        ReviewedRows read = await ReviewedRows.ReadAsync(path, cancellation).ConfigureAwait(false);
        return sets[path] = new PredictionSet(path, read);
    }

    /// <summary>The predictions of an image or video; null where there are none.</summary>
    /// <param name="path">The image or video.</param>
    public SourcePoses? Of(string path) => Sets.Select(set => set.Of(path)).FirstOrDefault(poses => poses is not null);
}

/// <summary>A file of predictions.</summary>
internal sealed class PredictionSet
{
    private readonly ReviewedRows read;
    private readonly SourcePoses[] sources;

    /// <param name="path">The file.</param>
    /// <param name="read">What it holds.</param>
    public PredictionSet(string path, ReviewedRows read)
    {
        (Path, this.read) = (path, read);
        sources = [.. read.Rows.GroupBy(row => row.Source, StringComparer.Ordinal)
            .Select(source => new SourcePoses(source.Key, read.Skeleton, source))];
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>How many rows there are.</summary>
    public int Rows => read.Rows.Count;

    /// <summary>The images and videos that it is of.</summary>
    public IReadOnlyList<SourcePoses> Sources => sources;

    /// <summary>The predictions of an image or video, by the end of its path; null where there are none.</summary>
    public SourcePoses? Of(string path)
    {
        string slashes = path.Replace('\\', '/');
        // DeepLabCut's files do not name their video.
        return Array.Find(
            sources, source => source.Name.Length == 0 ? sources.Length == 1 : EndsWith(slashes, source.Name.Replace('\\', '/')));
    }

    /// <summary>The rows that most likely are wrong, the worst first and spread out in time.</summary>
    /// <param name="count">How many at most.</param>
    /// <param name="threshold">Below it a confidence counts as low.</param>
    public IReadOnlyList<DoubtfulRow> Worst(int count, float threshold)
    {
        IReadOnlyList<ReviewedTrack> tracks = ReviewedTrack.Divide(read.Rows);
        if (tracks.Count == 0)
            throw new InvalidDataException($"{PrintableText.Of(Path)} has no row with keypoints; there is nothing to review.");
        List<Fault> faults = PredictionReview.FindFaults(read.Skeleton, tracks, threshold, events: null);
        long apart = (long)PredictionReview.DefaultApart * tracks.Max(track => track.Step);
        return DoubtfulRow.Choose(DoubtfulRow.Rank(faults), count, apart);
    }

    private static bool EndsWith(string path, string name) => path == name || path.EndsWith("/" + name, StringComparison.Ordinal);
}
