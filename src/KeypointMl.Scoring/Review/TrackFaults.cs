using KeypointMl.Data.Csv;
using KeypointMl.Imaging.Subjects;
using KeypointMl.Scoring.Rows;

namespace KeypointMl.Scoring.Review;

/// <summary>
/// What happened to tracks: from the events that <c>find</c> wrote or, without them, from where tracks begin, end and have gaps.
/// </summary>
internal static class TrackFaults
{
    private const double BeginsOrEnds = 0.3;
    private const double LostOrFound = 0.5;
    private const double Meets = 0.45;

    /// <summary>The rows at the edges of a track and of its gaps, where those are not the video's.</summary>
    /// <param name="track">The track.</param>
    /// <param name="first">The first frame of the video that has a row.</param>
    /// <param name="last">The last one.</param>
    public static IEnumerable<Fault> OfGaps(ReviewedTrack track, long first, long last)
    {
        IReadOnlyList<PredictionRow> rows = track.Rows;
        if (rows[0].Frame > first)
            yield return At(rows[0], BeginsOrEnds, "the track begins here");
        for (int i = 1; i < rows.Count; i++)
        {
            if (track.MissingBefore(i) > 0)
                yield return At(rows[i], LostOrFound, $"the track was not seen in the {track.MissingBefore(i)} scored frames before");
        }
        if (rows[^1].Frame < last)
            yield return At(rows[^1], BeginsOrEnds, "the track ends here");
    }

    /// <summary>The events of a file, each at the row of its track that is nearest.</summary>
    /// <param name="path">CSV with <c>frame,event,track,other</c>, and <c>source</c> where there are several videos.</param>
    /// <param name="tracks">The tracks.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// It is no such file, or has an event of a track that has no rows; the message names file and line.
    /// </exception>
    public static IReadOnlyList<Fault> OfEvents(string path, IReadOnlyList<ReviewedTrack> tracks)
    {
        using var table = new CsvTable(path);
        (int frame, int kind, int track, int other) =
            (table.Column("frame"), table.Column("event"), table.Column("track"), table.Column("other"));
        int? source = table.FindColumn("source");
        string[] sources = [.. tracks.Select(known => known.Source).Distinct()];
        if (source is null && sources.Length > 1)
        {
            throw new InvalidDataException(
                $"{path} has no column 'source', and the predictions are of {sources.Length} videos. Give the events of all of them.");
        }
        var byName = tracks.ToDictionary(known => (known.Source, known.Item));
        List<Fault> faults = [];
        while (table.Read())
        {
            long number = table.WholeNumber(frame);
            if (!Enum.TryParse(table.Text(kind), ignoreCase: true, out SubjectEventKind happened) || !Enum.IsDefined(happened))
            {
                throw table.Error($"the event is '{table.Text(kind)}'; expected one of "
                    + string.Join(", ", Enum.GetNames<SubjectEventKind>()).ToLowerInvariant());
            }
            string video = source is int column ? table.Text(column) : sources[0];
            // A video that was found in and not scored, or frames of it that were not, is no matter of these predictions.
            if (!byName.TryGetValue((video, table.Text(track)), out ReviewedTrack? own) || Nearest(own, number) is not { } row)
                continue;
            if (happened != SubjectEventKind.Begun || number > 0)
                faults.Add(At(row, SeverityOf(happened), WordsOf(happened, number, table.Text(other))));
        }
        return faults;
    }

    private static Fault At(PredictionRow row, double severity, string words) => new(FaultKind.Track, row, severity, words, []);

    private static PredictionRow? Nearest(ReviewedTrack track, long frame)
    {
        (int low, int high) = (0, track.Rows.Count - 1);
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (track.Rows[middle].Frame < frame)
                low = middle + 1;
            else
                high = middle;
        }
        long after = Math.Abs(track.Rows[low].Frame - frame);
        PredictionRow nearest = low > 0 && Math.Abs(track.Rows[low - 1].Frame - frame) < after ? track.Rows[low - 1] : track.Rows[low];
        return Math.Abs(nearest.Frame - frame) <= track.Step ? nearest : null;
    }

    private static double SeverityOf(SubjectEventKind kind) => kind switch
    {
        SubjectEventKind.Lost or SubjectEventKind.Found => LostOrFound,
        SubjectEventKind.Merged or SubjectEventKind.Separated => Meets,
        _ => BeginsOrEnds,
    };

    private static string WordsOf(SubjectEventKind kind, long frame, string other) => kind switch
    {
        SubjectEventKind.Begun => "the track begins here",
        SubjectEventKind.Lost => $"the track was lost in frame {frame}",
        SubjectEventKind.Found => $"the track was found again in frame {frame}",
        SubjectEventKind.Merged => $"it meets track {other} in frame {frame}: are the two exchanged afterwards?",
        SubjectEventKind.Separated => $"it leaves track {other} in frame {frame}: are the two exchanged?",
        _ => "the track ends here",
    };
}
