#!/usr/bin/env dotnet
// Finds the keypoints of a puppet, moves one, and has the generator draw the puppet in the new pose.
//
//   dotnet run samples/move-keypoints.cs -- PICTURE OUTPUT.png [KEYPOINT DX DY]
//
// Moves KEYPOINT (right_wrist) by DX, DY pixels of the picture (0, -20: up). OUTPUT shows the picture with what was
// found, the new pose, and the new picture.
#:project ../src/KeypointMl/KeypointMl.csproj

using System.Globalization;
using System.Numerics;
using KeypointMl;
using KeypointMl.Detection;
using KeypointMl.Imaging.Drawing;
using KeypointMl.Imaging.Images;
using KeypointMl.Poses.Rendering;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Rows;
using Microsoft.ML;
using Microsoft.ML.Data;

if (args.Length is not (2 or 5))
{
    Console.Error.WriteLine("usage: dotnet run samples/move-keypoints.cs -- PICTURE OUTPUT.png [KEYPOINT DX DY]");
    return 2;
}
string models = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "..", "onnx", "puppets");
string keypoint = args.Length == 5 ? args[2] : "right_wrist";
Vector2 shift = args.Length == 5 ? new(Number(args[3]), Number(args[4])) : new(0, -20);

var mlContext = new MLContext();
IDataView picture = mlContext.Data.LoadFromEnumerable([new Picture { Path = args[0] }]);
KeypointDetectingTransformer detector =
    mlContext.Transforms.DetectKeypoints("Keypoints", "Path", Path.Combine(models, "detector.onnx")).Fit(picture);
int moved = detector.Skeleton.Keypoints.IndexOf(keypoint);
if (moved < 0)
{
    Console.Error.WriteLine($"There is no keypoint '{keypoint}'; there are {string.Join(", ", detector.Skeleton.Keypoints)}.");
    return 2;
}

float[] pose = detector.Transform(picture).GetColumn<float[]>("Keypoints").Single();
float[] newPose = [.. pose];
newPose[2 * moved] += shift.X;
newPose[2 * moved + 1] += shift.Y;

(int width, int height) = ImageDecoder.ReadSize(args[0]);
IDataView poses = mlContext.Data.LoadFromEnumerable([new Picture { Path = args[0], Keypoints = pose, NewKeypoints = newPose }]);
ITransformer drawing = mlContext.Transforms.DrawKeypoints("Found", "Path", options: new()
{
    Skeleton = detector.Skeleton,
    Style = new() { Coloring = PoseColoring.Side },
})
    .Append(mlContext.Transforms.RenderSkeleton("Moved", "NewKeypoints", new()
    {
        Width = width,
        Height = height,
        Skeleton = detector.Skeleton,
        FallOff = SkeletonFallOff.Linear(0.06),
    }))
    .Append(mlContext.Transforms.GenerateImage("Redrawn", "NewKeypoints", "Path", Path.Combine(models, "generator.onnx")))
    .Fit(poses);
Drawn drawn = mlContext.Data.CreateEnumerable<Drawn>(drawing.Transform(poses), reuseRowObject: false).Single();

RgbImage[] pictures = [.. new[] { drawn.Found, drawn.Moved,
    drawn.Redrawn }.Select(image => ImageCropper.Resize(MlImagePixels.ToRgbImage(image!), width, height))];
var row = new RgbImage(3 * width, height);
for (int y = 0; y < height; y++)
{
    for (int i = 0; i < 3; i++)
        pictures[i].Pixels.AsSpan(3 * y * width, 3 * width).CopyTo(row.Pixels.AsSpan(3 * (3 * y + i) * width));
}
ImageWriter.Write(row, args[1]);
Console.WriteLine($"{keypoint} moved by {shift}: {args[1]}");
return 0;

static float Number(string text) => float.Parse(text, CultureInfo.InvariantCulture);

internal sealed class Picture
{
    public string Path { get; set; } = "";

    [VectorType]
    public float[] Keypoints { get; set; } = [];

    [VectorType]
    public float[] NewKeypoints { get; set; } = [];
}

internal sealed class Drawn
{
    [AnyImage]
    public MLImage? Found { get; set; }

    [AnyImage]
    public MLImage? Moved { get; set; }

    [AnyImage]
    public MLImage? Redrawn { get; set; }
}
