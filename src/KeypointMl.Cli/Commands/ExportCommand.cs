using System.CommandLine;
using System.Globalization;
using KeypointMl.Cli.Running;
using KeypointMl.Data.Frames;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Export;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Runs;

namespace KeypointMl.Cli.Commands;

/// <summary><c>export --run RUN --out DIR [--what detector,generator] [--precision fp32|fp16|int8] [--postprocess]</c></summary>
internal static class ExportCommand
{
    private const string Detector = "detector";
    private const string Generator = "generator";
    private static readonly string Int8 = ExportPrecisions.WordOf(ExportPrecision.Int8);

    public static Command Create(CommandContext context)
    {
        var run = new Option<string>("--run") { Description = "The run's folder.", Required = true, HelpName = "RUN" };
        Option<string> output = new Option<string>("--out")
        {
            Description = "The folder for detector.onnx and generator.onnx; made where it is not there.",
            Required = true,
            HelpName = "DIR",
        }.ForFolder();
        var what = new Option<string?>("--what")
        {
            Description = "detector, generator, or both with a comma; by default what the run has trained.",
            HelpName = "detector,generator",
        };
        what.CompletionSources.Add(Detector, Generator);
        what.Validators.Add(result => result.RequireWords(Words(result.GetValueOrDefault<string?>()), [Detector, Generator]));
        var precision = new Option<string>("--precision")
        {
            Description = "The graphs' arithmetic; int8 is for detectors, calibrated on the run's training frames.",
            DefaultValueFactory = _ => ExportPrecisions.Words[0],
            HelpName = "fp32|fp16|int8",
        };
        precision.CompletionSources.Add([.. ExportPrecisions.Words]);
        precision.Validators.Add(result => result.RequireWords([result.GetValueOrDefault<string>()!], ExportPrecisions.Words));
        var postprocess = new Option<bool>("--postprocess")
        {
            Description = "Append the run's supervised post-processing to the detector's graph.",
        };
        var command = new Command("export", "Exports a run's networks as ONNX, checked against TorchSharp.") { run, output, what,
            precision, postprocess, context.DataRoot, context.Threads };
        command.Validators.Add(result =>
        {
            if (result.GetValue(precision) == Int8 && Words(result.GetValue(what)).Contains(Generator))
                result.AddError("--precision int8 is for detectors, and --what asks for the generator. Export that with fp32 or fp16.");
            if (result.GetValue(postprocess) && Words(result.GetValue(what)) is { Length: > 0 } kinds && !kinds.Contains(Detector))
                result.AddError("--postprocess is for detectors, and --what asks for the generator alone. Leave it out.");
        });
        command.SetAction((parsed, cancellation) =>
        {
            context.UseLibTorch(parsed);
            var options = new DetectorExportOptions
            {
                Precision = ExportPrecisions.Parse(parsed.GetRequiredValue(precision)),
                Postprocess = parsed.GetValue(postprocess),
            };
            return Task.FromResult(
                Run(parsed.GetRequiredValue(run), parsed.GetRequiredValue(output), Words(parsed.GetValue(what)), options,
                    parsed.GetValue(context.DataRoot), context, cancellation));
        });
        return command;
    }

    private static int Run(
        string runPath,
        string output,
        string[] what,
        DetectorExportOptions options,
        string? dataRoot,
        CommandContext context,
        CancellationToken cancellation)
    {
        using var run = RunFolder.Open(runPath);
        if (what.Length == 0)
            what = Trained(run.Recipe, options.Precision, context);
        using var exporter = ModelExporter.Open(run);
        Unfinished.Note(run, context);
        ExportFrames frames = ExportFrames.Open(run, dataRoot);
        using IFrameSet opened = frames.Frames;
        using LabelledFrames? test = options.Precision == ExportPrecision.Float32 || !frames.AreTypical
            ? null
            : RecipeData.OpenTest(run.Recipe, dataRoot, cancellation);
        bool made = !Directory.Exists(output);
        Directory.CreateDirectory(output);
        try
        {
            foreach (string kind in what)
            {
                cancellation.ThrowIfCancellationRequested();
                Write(exporter, frames, kind, Path.Combine(output, $"{kind}.onnx"), options with { Test = test }, context.Out);
            }
        }
        catch when (made && !Directory.EnumerateFileSystemEntries(output).Any())
        {
            Directory.Delete(output);
            throw;
        }
        return ExitCode.Done;
    }

    private static void Write(
        ModelExporter exporter, ExportFrames frames, string kind, string path, DetectorExportOptions options, TextWriter told)
    {
        ExportedModel model = kind == Detector
            ? exporter.ExportDetector(path, frames, options)
            : exporter.ExportGenerator(path, frames, options.Precision);
        string unit = kind == Detector ? "px" : "grey levels of 255";
        told.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{model.Path}: ONNX Runtime against TorchSharp on {model.CheckedFrames} {model.CheckedOn}: "
            + $"largest difference {model.LargestDifference:G3} {unit}"));
        if (model.Cost is { } cost)
        {
            told.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{model.Path}: error on {cost.Frames} test frames {cost.Error:F3} % of image; "
                + $"in fp32 {cost.Float32Error:F3} % ({Math.Round(100 * cost.Relative, 2):+0.00;-0.00;0.00} % of it). "
                + $"{cost.Protocol}"));
        }
    }

    private static string[] Trained(Recipe recipe, ExportPrecision precision, CommandContext context)
    {
        if (!recipe.TrainsGenerator)
            return [Detector];
        if (precision != ExportPrecision.Int8)
            return [Detector, Generator];
        context.Out.WriteLine("int8 is for detectors: the generator is not exported.");
        return [Detector];
    }

    private static string[] Words(string? list) =>
        list?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
}
