using System.CommandLine;
using System.Globalization;
using KeypointMl.Data;
using KeypointMl.Training;

namespace KeypointMl.Cli;

/// <summary><c>export --run RUN --out DIR [--what detector,generator] [--precision fp32] [--postprocess]</c></summary>
internal static class ExportCommand
{
    private const string Detector = "detector";
    private const string Generator = "generator";

    public static Command Create(CommandContext context)
    {
        var run = new Option<string>("--run") { Description = "The run's folder.", Required = true, HelpName = "RUN" };
        var output = new Option<string>("--out") { Description = "The folder for detector.onnx and generator.onnx; made where it is not there.", Required = true, HelpName = "DIR" };
        var what = new Option<string?>("--what") { Description = "detector, generator, or both with a comma; by default what the run has trained.", HelpName = "detector,generator" };
        what.Validators.Add(result => result.RequireWords(Words(result.GetValueOrDefault<string?>()), [Detector, Generator]));
        var precision = new Option<string>("--precision") { Description = "The precision of the weights: fp32.", DefaultValueFactory = _ => "fp32", HelpName = "fp32" };
        precision.Validators.Add(result => result.RequireWords([result.GetValueOrDefault<string>()!], ["fp32"], " Other precisions cannot be exported yet."));
        var postprocess = new Option<bool>("--postprocess") { Description = "Append the run's supervised post-processing to the detector's graph." };
        var command = new Command("export", "Exports a run's networks as ONNX, checked against TorchSharp.") { run, output, what, precision, postprocess, context.DataRoot };
        command.SetAction((parsed, _) =>
        {
            context.UseThreads(parsed);
            return Task.FromResult(Run(parsed.GetRequiredValue(run), parsed.GetRequiredValue(output), Words(parsed.GetValue(what)), parsed.GetValue(postprocess), parsed.GetValue(context.DataRoot), context));
        });
        return command;
    }

    private static int Run(string runPath, string output, string[] what, bool postprocess, string? dataRoot, CommandContext context)
    {
        using var run = RunFolder.Open(runPath);
        if (what.Length == 0)
            what = run.Recipe.TrainsGenerator ? [Detector, Generator] : [Detector];
        using var exporter = ModelExporter.Open(run);
        (IFrameSet Frames, string Name) frames = ModelExporter.OpenFrames(run, dataRoot);
        using IFrameSet opened = frames.Frames;
        Directory.CreateDirectory(output);
        foreach (string kind in what)
        {
            string path = Path.Combine(output, $"{kind}.onnx");
            ExportedModel model = kind == Detector ? exporter.ExportDetector(path, frames, postprocess) : exporter.ExportGenerator(path, frames);
            string unit = kind == Detector ? "px" : "grey levels of 255";
            context.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{model.Path}: ONNX Runtime against TorchSharp on {model.CheckedFrames} {model.CheckedOn}: largest difference {model.LargestDifference:G3} {unit}"));
        }
        return ExitCode.Done;
    }

    private static string[] Words(string? list) => list?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
}
