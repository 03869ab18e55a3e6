using System.CommandLine;
using KeypointMl.Benchmarks;

var output = new Option<string?>("--out")
{
    Description = "A file that receives what is printed, such as benchmarks/results/throughput.md.",
    HelpName = "FILE",
    Recursive = true,
};
var root = new RootCommand("Measures KeypointMl: ratios of alternatives that ran in turn in one process. Prints Markdown.")
{
    output,
    PrecisionCommand.Create(),
    ConvolutionsCommand.Create(),
    QuantizationErrorCommand.Create(),
    ThroughputCommand.Create(),
    ThroughputCommand.CreateRow(),
    LatencyCommand.Create(),
    AllocationsCommand.Create(),
    SoakCommand.Create(),
    ScoreThroughputCommand.Create(),
    ScoreThroughputCommand.CreateRow(),
    ScoreWorkersCommand.Create(),
    ScoreWorkersCommand.CreateWorker(),
    ScoreMemoryCommand.Create(),
    ScoreMemoryCommand.CreateWorker(),
    ExportCostCommand.Create(),
    ExportCostCommand.CreateRun(),
    Photos.CreateDraw(),
};
ParseResult parsed = root.Parse(args);
if (parsed.GetValue(output) is not { } path)
    return parsed.Invoke();
using var report = new ReportFile(path);
Console.WriteLine($"# {parsed.CommandResult.Command.Name}");
Console.WriteLine();
Console.WriteLine($"`dotnet run -c Release --project benchmarks/KeypointMl.Benchmarks -- {string.Join(' ', args)}`");
Console.WriteLine();
int exitCode = parsed.Invoke();
if (exitCode == 0)
    report.Save();
return exitCode;
