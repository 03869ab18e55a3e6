using System.CommandLine;
using System.Text.Json;
using KeypointMl.Cli.Printing;
using KeypointMl.Cli.Running;
using KeypointMl.Data.Frames;
using KeypointMl.Data.Manifests;
using KeypointMl.Data.Quality;
using KeypointMl.Training.Runs;

namespace KeypointMl.Cli.Commands;

/// <summary><c>data check MANIFEST [--read] [--strict] [--run RUN] [--json]</c></summary>
internal sealed class DataCheckCommand
{
    private const int ReadSize = 64;
    private const int MostShown = 100;

    private readonly CommandContext context;
    private readonly Argument<string> manifest = new Argument<string>("MANIFEST") { Description = ManifestLookup.Help }
        .Completing(ManifestLookup.Names);
    private readonly Option<bool> read = new("--read")
    {
        Description = "Reads every record too, as training would: each frame is decoded, each label parsed. May take hours.",
    };
    private readonly Option<bool> filesOnly = new("--files-only") { Description = "Leaves out the comparison of prior and images." };
    private readonly Option<bool> strict = new("--strict") { Description = "Returns 1 where prior and images seem to disagree." };
    private readonly Option<string?> run = new("--run")
    {
        Description = "A run on this data: says how near its η reads prior poses, the least error that the run can have.",
        HelpName = "RUN",
    };
    private readonly Option<bool> json = new("--json") { Description = "Prints one JSON object instead." };

    private DataCheckCommand(CommandContext context) => this.context = context;

    public static Command Create(CommandContext context) => new DataCheckCommand(context).Build();

    private Command Build()
    {
        var command = new Command("check",
            "Compares a data set's files with its manifest (there, right size, right content) and its prior with its images.")
        {
            manifest, read, filesOnly, strict, run, json, context.DataRoot,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(strict) && result.GetValue(filesOnly))
                result.AddError($"{strict.Name} is about the comparison that {filesOnly.Name} leaves out; give one of the two.");
        });
        command.SetAction((parsed, cancellation) => Task.FromResult(Run(parsed, cancellation)));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken cancellation)
    {
        DataManifest loaded = ManifestLookup.Load(parsed.GetRequiredValue(manifest));
        string? dataRoot = parsed.GetValue(context.DataRoot);
        var report = new Report(loaded.Name);
        TextWriter lines = parsed.GetValue(json) ? TextWriter.Null : context.Out;
        int code = CheckFiles(loaded, dataRoot, report, lines);
        bool hasFiles = code == ExitCode.Done;
        if (hasFiles && !parsed.GetValue(filesOnly))
            code = Compare(loaded, dataRoot, parsed.GetValue(strict), report, lines, cancellation);
        if (parsed.GetValue(run) is string folder)
            TellBottleneck(folder, report, lines);
        // Also where prior and images disagree: which records cannot be read is another question.
        if (hasFiles && parsed.GetValue(read) && !ReadRecords(loaded, dataRoot, report, lines, cancellation))
            code = ExitCode.Failed;
        if (parsed.GetValue(json))
            context.Out.WriteLine(JsonSerializer.Serialize(report.ToObject(), JsonText.Indented));
        return code;
    }

    private int CheckFiles(DataManifest data, string? dataRoot, Report report, TextWriter lines)
    {
        if (data.Files.Count == 0)
        {
            lines.WriteLine(data.IsGenerated
                ? $"{data.Name} is generated; there are no files to check."
                : $"{data.Name}: the manifest lists no files, so none is checked; --read reads the data itself.");
            return ExitCode.Done;
        }
        IReadOnlyList<FileFinding> findings = data.Check(dataRoot);
        report.Files = findings;
        foreach (FileFinding finding in findings)
            lines.WriteLine($"{(finding.Status == FileStatus.Ok ? "ok  " : "BAD ")} {finding.Message}");
        int bad = findings.Count(finding => finding.Status != FileStatus.Ok);
        if (bad == 0)
            return ExitCode.Done;
        context.Error.WriteLine(
            $"{CommandLine.Name}: {bad} of the {findings.Count} files of {data.Name} are not as {data.Path} says. "
            + $"How to obtain them:\n{data.Obtain}");
        return ExitCode.Failed;
    }

    private int Compare(
        DataManifest data, string? dataRoot, bool isStrict, Report report, TextWriter lines, CancellationToken cancellation)
    {
        IDataset dataset = Open(data, dataRoot, cancellation);
        try
        {
            report.Prior = data.HasTrainingSplit ? PriorCheck.Of(dataset) : PriorCheck.Of(dataset.OpenPrior());
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            // Files of which the manifest says nothing may be missing or damaged; --read tells which.
            report.Prior = [new PriorFinding("prior and images", FindingLevel.Warning, $"cannot be read ({exception.Message})")];
        }
        foreach (PriorFinding finding in report.Prior)
            lines.WriteLine(finding.ToString());
        return isStrict && report.Prior.Any(finding => finding.Level == FindingLevel.Warning) ? ExitCode.Failed : ExitCode.Done;
    }

    private static void TellBottleneck(string folder, Report report, TextWriter lines)
    {
        report.Bottleneck = PretrainingError.Percent(folder);
        lines.WriteLine(report.Bottleneck is double percent
            ? FormattableString.Invariant($"ok   η of {folder}: at the end of its pre-training it read clean pictures of prior poses to ")
                + FormattableString.Invariant($"{percent:0.00} % of the frame; no keypoint will be found better than that")
            : $"-    η of {folder}: the run's log has no line of its pre-training yet");
    }

    private IDataset Open(DataManifest data, string? dataRoot, CancellationToken cancellation) => data.Open(new DatasetOptions
    {
        DataRoot = dataRoot,
        Width = ReadSize,
        Height = ReadSize,
        Streaming = true,
        MemoryBytes = 0,
        Cancellation = cancellation,
        Note = context.Note,
    });

    private bool ReadRecords(DataManifest data, string? dataRoot, Report report, TextWriter lines, CancellationToken cancellation)
    {
        bool bad = false;
        foreach (ReadPart part in ReadCheck.Run(data, Open(data, dataRoot, cancellation), cancellation))
        {
            report.Read.Add(part);
            string text = FormattableString.Invariant($"{part.Name}: {part.Records:N0} read");
            lines.WriteLine(part.Problems.Count == 0
                ? $"ok   {text}"
                : FormattableString.Invariant($"BAD  {text}, {part.Failed:N0} could not be"));
            foreach (string problem in part.Problems.Take(MostShown))
                context.Error.WriteLine($"{CommandLine.Name}: {part.Name}: {problem}");
            if (part.Problems.Count > MostShown)
            {
                context.Error.WriteLine(
                    FormattableString.Invariant($"{CommandLine.Name}: {part.Name}: and {part.Problems.Count - MostShown:N0} more"));
            }
            bad |= part.Problems.Count > 0;
        }
        return !bad;
    }

    /// <summary>What <c>--json</c> prints.</summary>
    private sealed class Report(string name)
    {
        public IReadOnlyList<FileFinding> Files { get; set; } = [];

        public IReadOnlyList<PriorFinding> Prior { get; set; } = [];

        public double? Bottleneck { get; set; }

        public List<ReadPart> Read { get; } = [];

        public object ToObject() => new
        {
            name,
            files = Files.Select(file => new { path = file.File.Path, status = Word(file.Status), message = file.Message }),
            prior = Prior.Select(finding => new
            {
                check = finding.Check,
                level = Word(finding.Level),
                measured = finding.Measured,
                advice = finding.Advice,
            }),
            pretraining_error_percent = Bottleneck,
            read = Read.Select(part => new { part = part.Name, records = part.Records, failed = part.Failed, problems = part.Problems }),
        };

        private static string Word(Enum value) => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
    }
}
