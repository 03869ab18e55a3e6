using System.Globalization;
using System.Text;
using KeypointMl.Imaging.Files;
using KeypointMl.Poses.Skeletons;

namespace KeypointMl.Scoring.Review;

/// <summary>The list of a review as CSV.</summary>
internal static class ReviewTable
{
    /// <summary>Writes <c>source,frame,time,track,score,reasons,keypoints</c>, the most doubtful first.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(IEnumerable<ReviewedItem> items, Skeleton skeleton, string path) => AtomicFile.Write(path, stream =>
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true)
        {
            NewLine = "\n",
        };
        writer.WriteLine("source,frame,time,track,score,reasons,keypoints");
        foreach (ReviewedItem item in items)
        {
            DoubtfulRow doubt = item.Doubt;
            string seconds = item.Seconds is double known ? known.ToString("F3", CultureInfo.InvariantCulture) : "";
            string reasons = string.Join("; ", doubt.Faults.Select(fault => fault.Words));
            IEnumerable<int> about = doubt.Faults.SelectMany(fault => fault.Keypoints).Distinct();
            string keypoints = string.Join(' ', about.Select(k => skeleton.Keypoints[k]));
            writer.WriteLine(string.Join(',',
                CsvText.Quote(doubt.Row.Source), doubt.Row.Frame.ToString(CultureInfo.InvariantCulture), seconds,
                CsvText.Quote(doubt.Row.Item), doubt.Score.ToString("F3", CultureInfo.InvariantCulture), CsvText.Quote(reasons),
                CsvText.Quote(keypoints)));
        }
    });
}
