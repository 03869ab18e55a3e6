#!/usr/bin/env dotnet
// Reads a video, finds the keypoints in each frame, and writes a video with them drawn in. Needs ffmpeg.
//
//   dotnet run samples/video-overlay.cs -- VIDEO OUTPUT.mp4 [DETECTOR.onnx]
#:project ../src/KeypointMl/KeypointMl.csproj

using KeypointMl;
using KeypointMl.Imaging.Drawing;
using KeypointMl.Imaging.Video;
using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

if (args.Length is not (2 or 3))
{
    Console.Error.WriteLine("usage: dotnet run samples/video-overlay.cs -- VIDEO OUTPUT.mp4 [DETECTOR.onnx]");
    return 2;
}
string model = args.Length == 3
    ? args[2]
    : Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "..", "onnx", "puppets", "detector.onnx");

var mlContext = new MLContext();
IDataView frames = mlContext.Keypoints.LoadFromVideo(args[0]); // streams: memory does not grow with the video
ITransformer pipeline = mlContext.Transforms.DetectKeypoints("Keypoints", "Image", model)
    .Append(mlContext.Transforms.DrawKeypoints("Picture", "Image", options: new() { Style = new() { Coloring = PoseColoring.Side } }))
    .Fit(frames);

VideoInfo video = VideoProbe.Read(args[0]);
using var output = new VideoWriter(args[1], video.Width, video.Height, video.FramesPerSecond > 0 ? video.FramesPerSecond : 25);
long written = 0;
foreach (Frame frame in mlContext.Data.CreateEnumerable<Frame>(pipeline.Transform(frames), reuseRowObject: true))
{
    output.Write(MlImagePixels.ToRgbImage(frame.Picture!));
    written++;
}
output.Complete();
(pipeline as IDisposable)?.Dispose();
Console.WriteLine($"{args[1]}: {written} frames");
return 0;

internal sealed class Frame
{
    [AnyImage]
    public MLImage? Picture { get; set; }
}
