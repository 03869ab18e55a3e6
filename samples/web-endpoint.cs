#!/usr/bin/env dotnet
// A web service: POST an image, get the keypoints of the one subject that fills it as JSON. What is in work at the same time is
// bounded; a refused upload is a 4xx and one line of the log.
//
//   dotnet run samples/web-endpoint.cs -- [--urls http://127.0.0.1:5080] [--model DETECTOR.onnx]
//   curl --data-binary @picture.png http://127.0.0.1:5080/keypoints
#:sdk Microsoft.NET.Sdk.Web
#:project ../src/KeypointMl.DependencyInjection/KeypointMl.DependencyInjection.csproj

using System.Threading.RateLimiting;
using KeypointMl;
using KeypointMl.Serving;

WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
string model = builder.Configuration["model"]
    ?? Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "..", "onnx", "puppets", "detector.onnx");
builder.Logging.AddSimpleConsole(console => console.SingleLine = true).AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
builder.WebHost.ConfigureKestrel(server => server.Limits.MaxRequestBodySize = 10 << 20);
// One detector and one pool for all requests. Whatever is asked of it, it holds no more than these bytes of uploads, and
// decodes no more than these pixels (some 300 MB) at the same time.
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
    limiter.OnRejected = (rejected, _) =>
    {
        Log(rejected.HttpContext, StatusCodes.Status429TooManyRequests, "too many requests at the same time");
        return ValueTask.CompletedTask;
    };
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
        return Refuse(context, StatusCodes.Status400BadRequest, e.Message);
    }
    catch (BadHttpRequestException e)
    {
        return Refuse(context, e.StatusCode, e.Message);
    }
});
app.Run();

static IResult Refuse(HttpContext context, int status, string reason)
{
    Log(context, status, reason);
    return Results.Problem(reason, statusCode: status);
}

static void Log(HttpContext context, int status, string reason) =>
    context.RequestServices.GetRequiredService<ILogger<Program>>().LogWarning("Refused {Status}: {Reason}", status, reason);

internal sealed record Keypoint(string Name, float X, float Y, float Confidence);
