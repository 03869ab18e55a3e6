using System.Text.Json.Nodes;
using KeypointMl.Data.Formats.Tables;
using KeypointMl.Imaging.Folders;

namespace KeypointMl.Data.Formats.Sleap;

/// <summary>The videos of a SLEAP file to be written: each source that is a video, and sequences of the sources that are images.</summary>
internal sealed class SleapSources
{
    private readonly Dictionary<string, (int Video, int? Image)> places = new(StringComparer.Ordinal);

    internal SleapSources(IReadOnlyList<PoseRow> rows, int imagesPerVideo)
    {
        var videos = new List<JsonObject>();
        var images = new List<string>();
        foreach (string source in rows.Select(row => row.Source).Distinct())
        {
            if (ImageFolder.IsImage(source))
            {
                images.Add(source);
                continue;
            }
            places.Add(source, (videos.Count, null));
            videos.Add(Video(source));
        }
        foreach (string[] sequence in images.Chunk(imagesPerVideo))
        {
            for (int i = 0; i < sequence.Length; i++)
                places.Add(sequence[i], (videos.Count, i));
            JsonObject video = Video(sequence[0]);
            video["backend"]!["filenames"] = new JsonArray([.. sequence.Select(name => (JsonNode)name)]);
            videos.Add(video);
        }
        Videos = videos;
    }

    internal IReadOnlyList<JsonObject> Videos { get; }

    /// <summary>The video and the frame number of a row.</summary>
    internal (int Video, long Frame) Place(PoseRow row) =>
        places[row.Source] is (int video, int image) ? (video, image) : (places[row.Source].Video, row.Frame);

    private static JsonObject Video(string source) => new()
    {
        ["backend"] = new JsonObject
        {
            ["filename"] = source,
            ["grayscale"] = false,
            ["bgr"] = true,
            ["dataset"] = "",
            ["input_format"] = "",
        },
    };
}
