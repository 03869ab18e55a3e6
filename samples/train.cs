#!/usr/bin/env dotnet
// Trains a detector inside ML.NET, without labels, measures it on labelled test frames, and saves it as a model that needs no libtorch.
//
//   dotnet run samples/train.cs -- OUTPUT.zip [STEPS]
//
// The data are drawn: people in short videos (data-manifests/puppets.yaml). 30 steps show that it runs; 1500 steps, in
// about ten minutes, learn something.
#:project ../src/KeypointMl.Training.MlNet/KeypointMl.Training.MlNet.csproj
#:property UseTorchNatives=true

using System.Globalization;
using KeypointMl;
using KeypointMl.Poses.Metrics;
using KeypointMl.Training.MlNet;
using KeypointMl.Training.MlNet.Loading;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Runs;
using Microsoft.ML;

if (args.Length is not (1 or 2))
{
    Console.Error.WriteLine("usage: dotnet run samples/train.cs -- OUTPUT.zip [STEPS]");
    return 2;
}
int steps = args.Length == 2 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 30;
string manifest = Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "..", "data-manifests", "puppets.yaml");

var mlContext = new MLContext();
// Any data view will do that has images (or paths), which video, and which frame of it; the poses come from elsewhere
// and are of nobody in the videos.
var size = new ManifestLoadingOptions { Width = 32, Height = 32 };
IDataView frames = mlContext.Data.TakeRows(mlContext.Keypoints.LoadFromManifest(manifest, "train", options: size with
{
    Labels = false,
}), 600);
IDataView prior = mlContext.Keypoints.LoadPriorFromManifest(manifest, options: size);
IDataView test = mlContext.Data.TakeRows(mlContext.Keypoints.LoadFromManifest(manifest, "test", options: size), 90);

using var progress = new PlainProgress(Console.Out);
using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true;
    stop.Cancel();
};
KeypointGanFit fit = mlContext.Keypoints.Trainers.KeypointGan(new()
{
    Recipe = Presets.Cpu32 with
    {
        RegressorPretraining = Presets.Cpu32.RegressorPretraining with { Steps = steps },
        Training = Presets.Cpu32.Training with { Steps = steps },
    },
    Prior = prior,
    Test = test,
    Progress = progress,
    Cancellation = stop.Token,
}).Train(frames);

mlContext.Model.Save(fit.Transformer, frames.Schema, args[0]);
KeypointMetrics metrics = fit.Metrics!;
Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
    $"error {metrics.ErrorPercentOfImage:F1} % of the image on {metrics.Frames} test frames; "
    + $"the mean prior pose has {metrics.Baselines["mean_pose"].ErrorPercentOfImage:F1} %"));
Console.WriteLine($"{args[0]}: load it with mlContext.Model.Load, in a program without libtorch");
fit.Transformer.Dispose();
return 0;
