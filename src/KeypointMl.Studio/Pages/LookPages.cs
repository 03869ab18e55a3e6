using System.Globalization;
using KeypointMl.Imaging.Subjects;
using KeypointMl.Poses.Geometry;
using KeypointMl.Studio.Answers;
using KeypointMl.Studio.Detecting;
using KeypointMl.Studio.Files;
using KeypointMl.Studio.Media;
using KeypointMl.Studio.Reviewing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace KeypointMl.Studio.Pages;

/// <summary>Frames and their poses.</summary>
internal static class LookPages
{
    /// <summary>Adds the addresses.</summary>
    public static void Map(IEndpointRouteBuilder routes, Workbench bench)
    {
        routes.MapGet("/api/media", http => DescribeAsync(http, bench));
        routes.MapGet("/api/frame", http => FrameAsync(http, bench));
        routes.MapGet("/api/poses", http => PosesAsync(http, bench));
        routes.MapGet("/api/timeline", http => TimelineAsync(http, bench));
        routes.MapGet("/api/scoring", http => Answer.JsonAsync(http, bench.Scoring.State));
        routes.MapPost("/api/scoring", http => ScoreAsync(http, bench));
        routes.MapPost("/api/scoring/stop", http => StopAsync(http, bench));
    }

    private static async Task DescribeAsync(HttpContext http, Workbench bench)
    {
        string path = bench.MediaOf(http);
        bool hasPredictions = bench.Predictions.Of(path) is not null, hasBoxes = bench.HasBoxes(path);
        if (VisibleFiles.KindOf(path) == FileKind.Video)
        {
            VideoSource video = await bench.Media.VideoAsync(path).ConfigureAwait(false);
            await Answer.JsonAsync(http, new
            {
                Kind = "video",
                video.Info.Width,
                video.Info.Height,
                video.Frames,
                Rate = video.Info.FramesPerSecond,
                video.Info.Codec,
                hasPredictions,
                hasBoxes,
            }).ConfigureAwait(false);
            return;
        }
        (int width, int height) = Imaging.Images.ImageDecoder.ReadSize(path);
        var image = new { Kind = "image", Width = width, Height = height, Frames = 1, Rate = 0, Codec = "", hasPredictions, hasBoxes };
        await Answer.JsonAsync(http, image).ConfigureAwait(false);
    }

    private static async Task FrameAsync(HttpContext http, Workbench bench)
    {
        string path = bench.MediaOf(http);
        long frame = Query.Frame(http, otherwise: 0);
        FramePicture picture;
        // What can be shown at once while the frame itself is decoded.
        if (Query.Optional(http, "near") is not null && VisibleFiles.KindOf(path) == FileKind.Video)
            (picture, frame) = await bench.Media.NearJpegAsync(path, frame, http.RequestAborted).ConfigureAwait(false);
        else
            picture = await bench.Media.JpegAsync(path, frame, http.RequestAborted).ConfigureAwait(false);
        http.Response.Headers["X-Frame"] = frame.ToString(CultureInfo.InvariantCulture);
        http.Response.Headers["X-Width"] = picture.Width.ToString(CultureInfo.InvariantCulture);
        http.Response.Headers["X-Height"] = picture.Height.ToString(CultureInfo.InvariantCulture);
        await Answer.BytesAsync(http, picture.Jpeg, "image/jpeg").ConfigureAwait(false);
    }

    private static async Task PosesAsync(HttpContext http, Workbench bench)
    {
        string path = bench.MediaOf(http);
        long frame = Query.Frame(http, otherwise: 0);
        if (Query.Optional(http, "box") is null && bench.Predictions.Of(path) is { } predicted)
        {
            IReadOnlyList<ShownPose> known = ShownPose.Apart([.. predicted.Of(frame).Select(ShownPose.Of)]);
            await Answer.JsonAsync(http, new ShownFrame(ShownSkeleton.Of(predicted.Skeleton), "predictions", known)).ConfigureAwait(false);
            return;
        }
        StudioModel model = bench.ModelOf(http);
        IReadOnlyList<(string, Box)>? boxes = bench.BoxesOf(http, path, frame);
        IReadOnlyList<ShownPose> poses = await bench.DetectAsync(model, path, frame, boxes, http.RequestAborted).ConfigureAwait(false);
        await Answer.JsonAsync(http, new ShownFrame(ShownSkeleton.Of(model.Detector.Skeleton), "detector", poses)).ConfigureAwait(false);
    }

    private static async Task TimelineAsync(HttpContext http, Workbench bench)
    {
        string path = bench.Files.Resolve(Query.Text(http, "file"), FileKind.Video);
        SourcePoses poses = bench.Predictions.Of(path) ?? throw new RefusedException(
            StatusCodes.Status404NotFound, "There are no predictions of this video yet; score it.");
        VideoSource video = await bench.Media.VideoAsync(path).ConfigureAwait(false);
        await Answer.JsonAsync(http, poses.Describe(video.Frames)).ConfigureAwait(false);
    }

    private static Task ScoreAsync(HttpContext http, Workbench bench)
    {
        string id = Query.Text(http, "file");
        string path = bench.Files.Resolve(id, FileKind.Video);
        SubjectFinderOptions? find = Query.Optional(http, "find") is null ? null : new SubjectFinderOptions
        {
            Count = Query.Optional(http, "count") is null ? null : (int)Query.Number(http, "count", 101),
        };
        bench.Scoring.Start(path, id, bench.ModelOf(http), bench.BoxesFileOf(path), find);
        return Answer.JsonAsync(http, bench.Scoring.State);
    }

    private static Task StopAsync(HttpContext http, Workbench bench)
    {
        bench.Scoring.Stop();
        return Answer.JsonAsync(http, bench.Scoring.State);
    }
}
