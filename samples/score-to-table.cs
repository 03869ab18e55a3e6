#!/usr/bin/env dotnet
// Scores pictures or a video into one table, every frame accounted for, without ML.NET. keypointml score does the same, and jobs of many
// machines besides.
//
//   dotnet run samples/score-to-table.cs -- INPUT OUTPUT [DETECTOR.onnx]
//
// INPUT is a picture, a folder, a glob or a video; OUTPUT a .parquet, .csv, .jsonl or .json file. Ends with 3 where some inputs failed.
#:project ../src/KeypointMl.Scoring/KeypointMl.Scoring.csproj

using KeypointMl.Inference.Detection;
using KeypointMl.Scoring.Inputs;
using KeypointMl.Scoring.Running;
using KeypointMl.Scoring.Sinks;

if (args.Length is not (2 or 3))
{
    Console.Error.WriteLine("usage: dotnet run samples/score-to-table.cs -- INPUT OUTPUT [DETECTOR.onnx]");
    return 2;
}
string model = args.Length == 3
    ? args[2]
    : Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "..", "onnx", "puppets", "detector.onnx");

using KeypointDetector detector = KeypointDetector.Load(model, new() { BatchSize = 16, IntraOpThreads = 1 });
await using IPredictionSink table = PredictionFiles.Create(args[1], detector.Skeleton);

ScoringSummary summary = await new Scorer(detector).ScoreAsync(InputFiles.Find(args[0]), boxes: null, [table]);

Console.WriteLine($"{args[1]}: {summary.Frames} frames, {summary.Ok} with keypoints, {summary.Failed} without and with the reason.");
return summary.Failed == 0 ? 0 : 3;
