using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using KeypointMl.Scoring.Rows;

namespace KeypointMl.Scoring.Review;

/// <summary>
/// A review as one HTML file that needs nothing else: pictures as data URIs, styles and the one script inline. A content
/// security policy keeps a browser from fetching anything and from running any other script.
/// </summary>
internal sealed class ReviewPage(
    PredictionReview review, ReviewedRows read, IReadOnlyList<ReviewedTrack> tracks, ReviewedItem[] items, ReviewSummary summary)
{
    private static readonly CultureInfo Plain = CultureInfo.InvariantCulture;
    private const int MostStrips = 40;
    private const int MostReasons = 10;

    private readonly StringBuilder page = new();

    /// <summary>The page as text.</summary>
    public string Render()
    {
        string script = ReviewStyle.Script;
        string scriptHash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)));
        string policy = $"default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-{scriptHash}'";
        string title = Path.GetFileName(review.Predictions);
        page.Append(Plain, $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta http-equiv="Content-Security-Policy" content="{policy}">
            <title>{Html(title)} – KeypointMl review</title>
            <style>
            {ReviewStyle.Css}
            </style>
            </head>
            <body>
            <main>
            <header>
            <p class="brand">KeypointMl · review</p>
            <h1>{Html(title)}</h1>
            <p class="summary">{Html(SummaryText())}</p>
            </header>

            """);
        AppendFailures();
        AppendStrips();
        AppendForm();
        page.Append("<section class=\"cards\" aria-label=\"Doubtful frames\">\n");
        foreach (ReviewedItem item in items)
            AppendCard(item);
        page.Append("</section>\n");
        AppendExplanation();
        page.Append(Plain, $"</main>\n<script>{script}</script>\n</body>\n</html>\n");
        // Line ends are part of the script's hash, which browsers take of \n.
        return page.ToString().ReplaceLineEndings("\n");
    }

    private string SummaryText()
    {
        string listed = summary.Listed < summary.Doubtful
            ? string.Create(Plain, $"Something speaks against {summary.Doubtful:N0} of them; these {summary.Listed:N0} are the most ")
                + "doubtful that are not neighbours."
            : string.Create(Plain, $"Something speaks against {summary.Doubtful:N0} of them, all of which are here.");
        return string.Create(Plain, $"{summary.Rows:N0} rows, {summary.Tracks:N0} tracks. {listed}");
    }

    private void AppendFailures()
    {
        if (summary.Failed > 0)
        {
            page.Append(Plain, $"<details><summary>{summary.Failed:N0} rows have no keypoints</summary>\n<ul>\n");
            IEnumerable<PredictionRow> failed = read.Rows.Where(row => row.Error is not null);
            IEnumerable<IGrouping<string, PredictionRow>> reasons = failed.GroupBy(row => row.Error!);
            foreach (IGrouping<string, PredictionRow> reason in reasons.OrderByDescending(reason => reason.Count()).Take(MostReasons))
            {
                PredictionRow first = reason.First();
                string text = string.Create(Plain, $"{reason.Count():N0}, first frame {first.Frame} of {first.Source}: {reason.Key}");
                page.Append(Plain, $"<li>{Html(text)}</li>\n");
            }
            page.Append("</ul>\n</details>\n");
        }
        foreach (string note in summary.Notes)
            page.Append(Plain, $"<p class=\"note\">{Html(note)}</p>\n");
    }

    private void AppendStrips()
    {
        ILookup<(string, string), ReviewedItem> marks = items.ToLookup(item => (item.Doubt.Row.Source, item.Doubt.Row.Item));
        ReviewedTrack[] shown = [.. tracks.Where(track => track.Rows.Count > 1)
            .OrderByDescending(track => marks[(track.Source, track.Item)].Count()).Take(MostStrips)];
        if (shown.Length == 0)
            return;
        page.Append("<section>\n<h2>Confidence over time</h2>\n<p class=\"note\">Line: the mean of a row's keypoints; area: the lowest. "
            + "Marks lead to the frames below.</p>\n");
        foreach (ReviewedTrack track in tracks.Where(shown.Contains))
            page.Append(TrackStrip.Render(track, marks[(track.Source, track.Item)]));
        if (tracks.Count(track => track.Rows.Count > 1) is var all && all > shown.Length)
            page.Append(Plain, $"<p class=\"note\">{all - shown.Length:N0} more tracks, with fewer doubtful frames, are not drawn.</p>\n");
        page.Append("</section>\n");
    }

    private void AppendForm()
    {
        page.Append("<h2>Doubtful frames</h2>\n<form hidden>\n<fieldset><legend>Reasons</legend>\n");
        foreach (FaultKind kind in Enum.GetValues<FaultKind>())
        {
            int count = items.Count(item => item.Doubt.Faults.Any(fault => fault.Kind == kind));
            string key = FaultNames.Key(kind);
            page.Append(Plain, $"<label class=\"{key}\"><input type=\"checkbox\" name=\"reason\" value=\"{key}\" checked> "
                + $"<span class=\"dot\"></span> {FaultNames.Of(kind)} ({count})</label>\n");
        }
        page.Append("</fieldset>\n<label>Keypoint <select name=\"keypoint\"><option value=\"\">any</option>\n");
        foreach (int k in items.SelectMany(item => item.Doubt.Faults).SelectMany(fault => fault.Keypoints).Distinct().Order())
            page.Append(Plain, $"<option value=\"{k}\">{Html(read.Skeleton.Keypoints[k])}</option>\n");
        page.Append("</select></label>\n<label>Track <select name=\"track\"><option value=\"\">any</option>\n");
        foreach (string track in items.Select(item => item.Doubt.Row.Item).Where(track => track.Length > 0).Distinct())
            page.Append(Plain, $"<option value=\"{Html(track)}\">{Html(track)}</option>\n");
        page.Append("</select></label>\n<output></output>\n</form>\n");
    }

    private void AppendCard(ReviewedItem item)
    {
        (PredictionRow row, DoubtfulRow doubt) = (item.Doubt.Row, item.Doubt);
        string reasons = string.Join(' ', doubt.Faults.Select(fault => FaultNames.Key(fault.Kind)));
        string keypoints = string.Join(' ', doubt.Faults.SelectMany(fault => fault.Keypoints).Distinct().Order());
        page.Append(Plain, $"<article id=\"n{item.Rank}\" data-reasons=\"{reasons}\" data-keypoints=\"{keypoints}\" ");
        page.Append(Plain, $"data-track=\"{Html(row.Item)}\">\n");
        if (item.Picture is { } picture)
            AppendPicture(item, picture);
        else
            page.Append("<div class=\"none\">No picture</div>\n");
        string track = row.Item.Length > 0 ? $", track {row.Item}" : "";
        string time = item.Seconds is double seconds ? $" · {TimeText(seconds)}" : "";
        page.Append(Plain, $"<div class=\"text\"><span class=\"score\" title=\"How doubtful, 0 to 1\">{doubt.Score:F2}</span>"
            + $"<h3>Frame {row.Frame}{Html(track)}</h3>\n<p>{Html($"{row.Source}{time}")}</p>\n<ul>\n");
        foreach (Fault fault in doubt.Faults)
            page.Append(Plain, $"<li class=\"{FaultNames.Key(fault.Kind)}\">{Html(fault.Words)}</li>\n");
        page.Append("</ul></div>\n</article>\n");
    }

    private void AppendPicture(ReviewedItem item, Thumbnail picture)
    {
        PredictionRow row = item.Doubt.Row;
        string reasons = string.Join(", ", item.Doubt.Faults.Select(fault => FaultNames.Of(fault.Kind)));
        string track = row.Item.Length > 0 ? $", track {row.Item}" : "";
        string alt = $"Frame {row.Frame} of {row.Source}{track}, with its skeleton: {reasons}";
        page.Append(Plain, $"<div class=\"picture\"><img width=\"{picture.Width}\" height=\"{picture.Height}\" alt=\"{Html(alt)}\" "
            + $"src=\"data:image/jpeg;base64,{Convert.ToBase64String(picture.Jpeg)}\">"
            + $"<svg viewBox=\"0 0 {picture.Width} {picture.Height}\" aria-hidden=\"true\">");
        // Of a flip or a hidden side every keypoint would be ringed, which points at nothing.
        Fault[] pointing = [.. item.Doubt.Faults.Where(fault => fault.Kind is FaultKind.Jump or FaultKind.Bone)];
        foreach (int k in pointing.SelectMany(fault => fault.Keypoints.Take(3)).Distinct())
        {
            if (!float.IsFinite(picture.Points[k].X) || !float.IsFinite(picture.Points[k].Y))
                continue;
            (float x, float y) = (picture.Points[k].X + 0.5f, picture.Points[k].Y + 0.5f);
            foreach (string kind in (string[])["under", "over"])
                page.Append(Plain, $"<circle class=\"{kind}\" cx=\"{x:F1}\" cy=\"{y:F1}\" r=\"11\"/>");
        }
        page.Append("</svg></div>\n");
    }

    private void AppendExplanation()
    {
        page.Append("<details><summary>What the score is made of</summary>\n<p class=\"note\">Each reason has a severity s between 0 and "
            + "1; the score is 1 − the product of (1 − s). z is a robust one: how far a value is from the median, in 1.4826 times "
            + "the median absolute deviation. Lengths are in sides of the row’s box.</p>\n<ul>\n");
        page.Append(Plain, $"<li>Low confidence: what each keypoint lacks of min({review.Threshold}, its own median in this file), as "
            + $"the root mean square over all keypoints, from 0.1 on.</li>\n");
        page.Append("<li>Jump: a keypoint’s distance from between where it is in the rows before and after, against the same "
            + "distances in its track: 1 − 5/z, from z = 5 and 0.05 boxes on.</li>\n"
            + "<li>Odd bone: the logarithm of an edge’s length against that in its track (in its video, where a track has fewer "
            + "than 30 rows): 1 − 5/z, from z = 5 and a factor of 1.5 on.</li>\n"
            + "<li>Left/right flip: 0.7 for the first row of a stretch in which exchanging left and right makes the symmetric "
            + "keypoints jump less.</li>\n<li>Track event: 0.3 where a track begins or ends, 0.45 where it meets or leaves "
            + "another, 0.5 where it is lost or found.</li>\n</ul>\n");
        page.Append(Plain, $"<p class=\"note\">A row is left out where a more doubtful one of its track, fewer than {review.Apart} "
            + $"scored frames away, has its gravest reason too.</p>\n");
        if (read.Skeleton.Edges.IsEmpty)
        {
            page.Append("<p class=\"note\">The predictions do not say how the keypoints are joined, nor which are left and right: "
                + "bones and flips were not looked at. Give the detector (--model), or review the Parquet file.</p>\n");
        }
        page.Append("</details>\n");
    }

    /// <summary>A time as minutes and seconds.</summary>
    internal static string TimeText(double seconds)
    {
        var time = TimeSpan.FromSeconds(Math.Round(seconds, 1));
        double rest = time.Seconds + time.Milliseconds / 1000.0;
        return time.TotalHours >= 1
            ? string.Create(Plain, $"{(long)time.TotalHours}:{time.Minutes:D2}:{rest:00.0}")
            : string.Create(Plain, $"{time.Minutes}:{rest:00.0}");
    }

    /// <summary>Text for HTML.</summary>
    internal static string Html(string text) => WebUtility.HtmlEncode(text);
}
