using KeypointMl.Data.Formats.Hdf5;

namespace KeypointMl.Data.Formats.Sleap;

/// <summary>The videos of a SLEAP file, by the numbers that its frames call them.</summary>
internal sealed class SleapVideos
{
    private readonly Hdf5Source source;
    private readonly Dictionary<int, SleapVideo> videos = [];

    private SleapVideos(Hdf5Source source)
    {
        this.source = source;
    }

    internal static SleapVideos Read(Hdf5Source source)
    {
        SleapVideo[] list = [.. SleapJson.ParseAll(source, "videos_json", SleapVideo.Read)];
        var videos = new SleapVideos(source);
        int?[] ids = [.. list.Select(video => video.Id)];
        // Videos that are HDF5 are called by the number in the name of their data set, which may leave numbers out;
        // others by their place in the list. Where several files each have a 'video0', or another video has such a number for its
        // place, only the place tells them apart.
        int[] names = [.. ids.OfType<int>().Concat(Enumerable.Range(0, ids.Length).Where(i => ids[i] is null))];
        bool byName = names.Distinct().Count() == names.Length;
        for (int i = 0; byName && i < list.Length; i++)
        {
            if (ids[i] is int id)
                videos.videos.Add(id, list[i].Resolve(source));
        }
        for (int i = 0; i < list.Length; i++)
        {
            if (!byName || ids[i] is null)
                videos.videos.Add(i, list[i].Resolve(source));
        }
        return videos;
    }

    /// <summary>A video; null where the file has none at all.</summary>
    internal SleapVideo? Find(int id, string where) => videos.Count == 0 ? null
        : videos.TryGetValue(id, out SleapVideo? video) ? video
        : throw source.Error(where, $"is {id}; the file has {(videos.Count == 1 ? "video" : "videos")} "
            + $"{string.Join(", ", videos.Keys.Order().Take(20))}");
}
