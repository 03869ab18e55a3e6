#!/usr/bin/env dotnet
// The README's program, from pictures to a saved model; from packages it needs the two lines of its "Install" in place of #:project.
//
//   dotnet run samples/first-keypoints.cs -- PICTURE…
#:project ../src/KeypointMl/KeypointMl.csproj
#:project ../src/KeypointMl.Models.Puppets/KeypointMl.Models.Puppets.csproj

// begin first
using KeypointMl;
using KeypointMl.Models;
using Microsoft.ML;
var mlContext = new MLContext();
IDataView photos = mlContext.Data.LoadFromEnumerable(args.Select(path => new Photo(path)));
ITransformer model = mlContext.Transforms.DetectKeypoints("Keypoints", "Path", KeypointModels.Puppets.Detector).Fit(photos);
foreach (var found in mlContext.Data.CreateEnumerable<KeypointPrediction>(model.Transform(photos), reuseRowObject: false))
    Console.WriteLine($"head at {found.ToPoints()[0]}"); // pixels of the photo
mlContext.Model.Save(model, photos.Schema, "poses.zip"); // the ONNX file travels inside
internal sealed record Photo(string Path);
// end first
