// Finds the keypoints in pictures, prints them and keeps the pipeline: dotnet run -- PICTURE…
using KeypointMl;
using KeypointMl.Detection;
using KeypointMl.Models;
using Microsoft.ML;

if (args.Length == 0)
{
    Console.Error.WriteLine("usage: dotnet run -- PICTURE…");
    return 2;
}
var mlContext = new MLContext();
IDataView pictures = mlContext.Data.LoadFromEnumerable(args.Select(path => new Picture { Path = path }));

// A model of your own: the path of its detector.onnx in place of the bytes.
using KeypointDetectingTransformer model = mlContext.Transforms
    .DetectKeypoints("Keypoints", "Path", KeypointModels.Puppets.Detector).Fit(pictures);

foreach (Found found in mlContext.Data.CreateEnumerable<Found>(model.Transform(pictures), reuseRowObject: false))
{
    Console.WriteLine(found.Path);
    for (int k = 0; k < model.Skeleton.Count; k++)
        Console.WriteLine($"  {model.Skeleton.Keypoints[k]}: {found.Keypoints[2 * k]:F1}, {found.Keypoints[2 * k + 1]:F1}");
}
mlContext.Model.Save(model, pictures.Schema, "keypoints.zip"); // the ONNX file travels inside
return 0;

internal sealed class Picture
{
    public string Path { get; set; } = "";
}

internal sealed class Found : KeypointPrediction
{
    public string Path { get; set; } = "";
}
