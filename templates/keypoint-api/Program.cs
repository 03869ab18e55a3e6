// POST a picture to /keypoints, get the keypoints of the one subject that fills it as JSON:
//   curl --data-binary @picture.png http://127.0.0.1:5000/keypoints
using System.Threading.RateLimiting;
using KeypointMl;
using KeypointMl.Models;
using KeypointMl.Serving;

WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
builder.WebHost.ConfigureKestrel(server => server.Limits.MaxRequestBodySize = 10 << 20);

// --model DETECTOR.onnx names a model of your own.
byte[] model = builder.Configuration["model"] is { } path ? File.ReadAllBytes(path) : KeypointModels.Puppets.Detector;
// Whatever is asked of it, it holds no more than these bytes of uploads, and decodes no more than these pixels at the same time.
builder.Services.AddKeypointDetector(model, new() { IntraOpThreads = 1 }, new()
{
    MaxEncodedBytes = 10 << 20,
    MaxBytesInFlight = 64 << 20,
    MaxPixels = 20_000_000,
    MaxPixelsInFlight = 40_000_000,
});
// Further requests wait, and still further ones are refused.
builder.Services.AddRateLimiter(limiter =>
{
    limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(
        _ => RateLimitPartition.GetConcurrencyLimiter("all", _ => new() { PermitLimit = 64, QueueLimit = 256 }));
    limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
});
WebApplication app = builder.Build();
app.UseRateLimiter();

app.MapPost("/keypoints", async (HttpContext context, KeypointPredictorPool pool, CancellationToken cancellation) =>
{
    try
    {
        ConfidentKeypointPrediction pose = await pool.PredictAsync(context.Request.Body, cancellation: cancellation);
        return Results.Ok(pool.Skeleton.Keypoints.Select(
            (name, k) => new Keypoint(name, pose.Keypoints[2 * k], pose.Keypoints[2 * k + 1], pose.Confidence[k])));
    }
    catch (InvalidDataException e)
    {
        return Results.Problem(e.Message, statusCode: StatusCodes.Status400BadRequest);
    }
});
app.Run();

internal sealed record Keypoint(string Name, float X, float Y, float Confidence);
