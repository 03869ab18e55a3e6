using System.Globalization;

namespace KeypointMl.Data.Formats.Coco;

/// <summary>
/// The numbers of tracks, which COCO's <c>track_id</c> wants: a track's own where it is named by one that no other has, else the
/// next free one. The same name has the same number in all videos of a file.
/// </summary>
internal sealed class CocoTracks
{
    private readonly Dictionary<string, long> numbers = new(StringComparer.Ordinal);
    private readonly HashSet<long> taken = [];
    private long next;

    /// <summary>The number of a track; null of what has no name.</summary>
    public long? NumberOf(string item)
    {
        if (item.Length == 0)
            return null;
        if (numbers.TryGetValue(item, out long known))
            return known;
        if (!long.TryParse(item, NumberStyles.None, CultureInfo.InvariantCulture, out long number) || !taken.Add(number))
        {
            while (!taken.Add(next))
                next++;
            number = next;
        }
        numbers.Add(item, number);
        return number;
    }
}
