#!/usr/bin/env dotnet
// A web service: POST an image, get the keypoints of the one subject that fills it as JSON.
//
//   dotnet run samples/web-endpoint.cs -- [--urls http://127.0.0.1:5080] [--model DETECTOR.onnx]
//   curl --data-binary @picture.png http://127.0.0.1:5080/keypoints
#:sdk Microsoft.NET.Sdk.Web
#:project ../src/KeypointMl.Inference/KeypointMl.Inference.csproj

using KeypointMl.Data;
using KeypointMl.Inference;

WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);
string model = builder.Configuration["model"] ?? Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "..", "onnx", "puppets", "detector.onnx");
builder.WebHost.ConfigureKestrel(server => server.Limits.MaxRequestBodySize = 10 << 20);
// One detector for all requests: it is thread-safe, and each call takes its own memory from a pool.
builder.Services.AddSingleton(KeypointDetector.Load(model));
WebApplication app = builder.Build();

var limits = new ImageDecoderOptions { MaxPixels = 20_000_000 };
app.MapPost("/keypoints", async (HttpRequest request, KeypointDetector detector, CancellationToken cancellation) =>
{
    using var body = new MemoryStream();
    await request.Body.CopyToAsync(body, cancellation);
    RgbImage image;
    try
    {
        image = ImageDecoder.Decode(body.GetBuffer().AsSpan(0, (int)body.Length), "in the request", limits);
    }
    catch (InvalidDataException e)
    {
        return Results.Problem(e.Message, statusCode: StatusCodes.Status400BadRequest);
    }
    DetectedPose pose = detector.Detect(image);
    return Results.Ok(detector.Skeleton.Keypoints.Select((name, k) => new Keypoint(name, pose.Keypoints[k].X, pose.Keypoints[k].Y, pose.Confidence[k])));
});
app.Run();

internal sealed record Keypoint(string Name, float X, float Y, float Confidence);
