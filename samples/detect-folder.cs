#!/usr/bin/env dotnet
// Finds the keypoints in every picture of a folder and writes them as CSV, with a column for the reason where a picture cannot be used.
//
//   dotnet run samples/detect-folder.cs -- FOLDER OUTPUT.csv [DETECTOR.onnx]
#:project ../src/KeypointMl/KeypointMl.csproj

using KeypointMl;
using KeypointMl.Detection;
using KeypointMl.Imaging.Folders;
using KeypointMl.Rows;
using Microsoft.ML;

if (args.Length is not (2 or 3))
{
    Console.Error.WriteLine("usage: dotnet run samples/detect-folder.cs -- FOLDER OUTPUT.csv [DETECTOR.onnx]");
    return 2;
}
string model = args.Length == 3
    ? args[2]
    : Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "..", "onnx", "puppets", "detector.onnx");

var mlContext = new MLContext();
IDataView pictures = mlContext.Data.LoadFromEnumerable(ImageFolder.List(args[0]).Select(name => new Picture
{
    Path = Path.Combine(args[0], name),
}));

using KeypointDetectingTransformer detector = mlContext.Transforms.DetectKeypoints("Keypoints", "Path", model, new()
{
    ConfidenceColumnName = "Confidence",
    OnError = KeypointErrorPolicy.MarkRow,
    ErrorColumnName = "Error",
}).Fit(pictures);

using (FileStream csv = File.Create(args[1]))
    mlContext.Data.SaveAsText(detector.Transform(pictures), csv, separatorChar: ',', headerRow: true, schema: false);
Console.WriteLine($"{args[1]}: {detector.Skeleton.Count} keypoints ({string.Join(", ", detector.Skeleton.Keypoints)}) of "
    + "each picture, in its pixels");
return 0;

internal sealed class Picture
{
    public string Path { get; set; } = "";
}
