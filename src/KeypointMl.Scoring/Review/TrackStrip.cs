using System.Globalization;
using System.Text;
using KeypointMl.Scoring.Rows;

namespace KeypointMl.Scoring.Review;

/// <summary>A track's confidence over time as a strip with marks at its doubtful frames.</summary>
internal static class TrackStrip
{
    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;
    private const int MostBins = 600;
    private const int Height = 46;

    /// <summary>The strip as HTML.</summary>
    /// <param name="track">The track.</param>
    /// <param name="marks">Its doubtful rows.</param>
    public static string Render(ReviewedTrack track, IEnumerable<ReviewedItem> marks)
    {
        (long first, long last) = (track.Rows[0].Frame, track.Rows[^1].Frame);
        Bin?[] bins = Divide(track, first, last);
        string name = track.Item.Length > 0 ? $"track {track.Item}" : "the one subject";
        double usual = track.Rows.Average(row => row.Confidence.ToArray().Average());
        string label = string.Create(
            Plain, $"Confidence of {name} in {track.Source}, frames {first} to {last}, {usual:F2} in the mean");
        var html = new StringBuilder();
        html.Append(Plain, $"<div class=\"strip\"><p><span><b>{ReviewPage.Html(name)}</b> {ReviewPage.Html(track.Source)}</span>"
            + $"<span>frames {first}–{last}, mean {usual:F2}</span></p>\n");
        html.Append(Plain, $"<div class=\"lane\"><svg viewBox=\"0 0 {bins.Length} {Height}\" preserveAspectRatio=\"none\" "
            + $"role=\"img\" aria-label=\"{ReviewPage.Html(label)}\"><path class=\"area\" d=\"{Area(bins)}\"/>"
            + $"<path class=\"mean\" d=\"{Line(bins)}\"/><path class=\"axis\" d=\"M0 {Height - 0.5:F1}H{bins.Length}\"/></svg>\n");
        foreach (ReviewedItem mark in marks.OrderBy(mark => mark.Doubt.Row.Frame))
        {
            double place = 100 * (mark.Doubt.Row.Frame - first + 0.5) / (last - first + 1);
            FaultKind kind = mark.Doubt.Faults[0].Kind;
            html.Append(Plain, $"<a class=\"{FaultNames.Key(kind)}\" href=\"#n{mark.Rank}\" style=\"left:{place:F2}%\" "
                + $"aria-label=\"Frame {mark.Doubt.Row.Frame}: {FaultNames.Of(kind)}\"></a>");
        }
        return html.Append("</div></div>\n").ToString();
    }

    private static Bin?[] Divide(ReviewedTrack track, long first, long last)
    {
        long steps = (last - first) / track.Step + 1;
        var bins = new Bin?[(int)Math.Min(MostBins, steps)];
        foreach (IGrouping<long, PredictionRow> bin in track.Rows.GroupBy(row => (row.Frame - first) / track.Step * bins.Length / steps))
        {
            bins[bin.Key] = new Bin(
                bin.Average(row => row.Confidence.ToArray().Average()), bin.Min(row => row.Confidence.ToArray().Min()));
        }
        return bins;
    }

    // Where a track was not seen there is nothing.
    private static string Area(Bin?[] bins)
    {
        var path = new StringBuilder();
        for (int i = 0; i < bins.Length; i++)
        {
            if (bins[i] is { } bin)
                path.Append(Plain, $"M{i} {Height}V{Y(bin.Lowest):F1}H{i + 1}V{Height}Z");
        }
        return path.ToString();
    }

    private static string Line(Bin?[] bins)
    {
        var path = new StringBuilder();
        bool pen = false;
        for (int i = 0; i < bins.Length; i++)
        {
            if (bins[i] is { } bin)
                path.Append(Plain, $"{(pen ? 'L' : 'M')}{i + 0.5:F1} {Y(bin.Mean):F1}");
            pen = bins[i] is not null;
        }
        return path.ToString();
    }

    private static double Y(double confidence) => Height - 1 - Math.Clamp(confidence, 0, 1) * (Height - 4);

    private readonly record struct Bin(double Mean, double Lowest);
}
