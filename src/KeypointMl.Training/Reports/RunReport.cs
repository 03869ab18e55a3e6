using System.Globalization;
using System.Text.Json.Nodes;
using KeypointMl.Data.Formats.Json;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Runs;

namespace KeypointMl.Training.Reports;

/// <summary>Gathers a <see cref="ReportData"/> from a run's folder: its recipe, log, metrics and samples.</summary>
internal static class RunReport
{
    private const string Error = "error_percent_of_image";

    private static readonly Dictionary<string, (string Name, string Note)> BaselineNames = new()
    {
        ["mean_pose"] = ("Mean prior pose", "the same pose for every frame"),
        ["random_prior_pose"] = ("Random prior pose", "another prior pose for every frame"),
        ["own_mean_shape"] = ("Own mean shape", "the run's mean shape, placed over each true pose by the best similarity"),
        ["bottleneck"] = ("Skeleton bottleneck", "η on clean skeleton images of prior poses: the least error that it can have"),
        ["supervised"] = ("Supervised", "the same networks and steps, trained with labels"),
    };

    /// <summary>Gathers what is there: a run without <c>metrics.json</c> gives a report of its curves and pictures.</summary>
    /// <param name="run">The run.</param>
    /// <param name="provenance">What the caller knows besides: versions, machine, data.</param>
    /// <param name="results">Results to stand beside the run's, such as a supervised run's.</param>
    /// <exception cref="InvalidDataException">The log or the metrics cannot be read.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static ReportData Collect(
        RunFolder run, IEnumerable<KeyValuePair<string, string>>? provenance = null, IEnumerable<ReportResult>? results = null)
    {
        IReadOnlyList<TrainingLogEntry> log = File.Exists(run.LogPath) ? TrainingLog.Read(run.LogPath) : [];
        JsonObject? metrics = ReadMetrics(run.MetricsPath);
        List<ReportResult> table = [.. Results(run, metrics), .. results ?? []];
        TrainingLogEntry? last = log.LastOrDefault(entry => entry.Phase == TrainingPhase.Training);
        return new ReportData
        {
            Title = run.Recipe.Name,
            Summary = string.Create(
                CultureInfo.InvariantCulture,
                $"Keypoints learnt {run.Recipe.Method.Supervision} from {run.Recipe.Data.Manifest} at "
                + $"{run.Recipe.Size}×{run.Recipe.Size} pixels, preset {run.Recipe.Preset}."),
            Figures = [.. Figures(run, metrics, last)],
            Protocol = metrics?["protocol"]?.GetValue<string>() ?? "",
            Results = table,
            Charts = [.. Charts(log, table), .. ConfidenceCharts(metrics?["confidence"] as JsonObject)],
            Breakdowns = [.. Breakdowns(metrics)],
            Pictures = Pictures(run),
            Recipe = run.Recipe.ToYaml(),
            Provenance =
            [
                new("recipe hash (SHA-256)", run.Recipe.Hash),
                new("seed", run.Recipe.Seed.ToString(CultureInfo.InvariantCulture)),
                .. TrainingEnvironment.In(log).SelectMany(Computed),
                .. provenance ?? [],
            ],
        };
    }

    private static IEnumerable<KeyValuePair<string, string>> Computed(TrainingEnvironment environment) =>
    [
        new("computed on", string.Create(
            CultureInfo.InvariantCulture, $"{environment.Device}; {environment.Processor}, {environment.Threads} threads")),
        new("numerics", environment.Numerics),
    ];

    /// <summary>A file of metrics; null where it is not there.</summary>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    internal static JsonObject? ReadMetrics(string path)
    {
        if (!File.Exists(path))
            return null;
        try
        {
            return JsonFile.ReadObject(path);
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException(
                $"'{path}' is not a metrics file ({exception.Message}); evaluate the run again to replace it.", exception);
        }
    }

    private static IEnumerable<ReportFigure> Figures(RunFolder run, JsonObject? metrics, TrainingLogEntry? last)
    {
        if (Value(metrics, Error) is { } error)
        {
            yield return new ReportFigure(string.Create(CultureInfo.InvariantCulture, $"{error:F2} %"), "mean error, of the image's size");
            if (Value(metrics?["baselines"] as JsonObject, "mean_pose") is { } mean and > 0)
            {
                yield return new ReportFigure(
                    string.Create(CultureInfo.InvariantCulture, $"{error / mean:F2}×"), "of the mean prior pose's error");
            }
        }
        if (Value(metrics, "nme_percent") is { } nme)
            yield return new ReportFigure(string.Create(CultureInfo.InvariantCulture, $"{nme:F2} %"), "NME");
        if (Value(metrics?["pck"] as JsonObject, "0.1") is { } pck)
        {
            yield return new ReportFigure(
                string.Create(CultureInfo.InvariantCulture, $"{100 * pck:F1} %"), "of keypoints within 0.1 of the image's size");
        }
        if (last is null)
            yield break;
        yield return new ReportFigure(string.Create(CultureInfo.InvariantCulture, $"{last.Step}"),
            string.Create(CultureInfo.InvariantCulture, $"of {run.Recipe.Training.Steps} training steps"));
        yield return new ReportFigure(ProgressText.Duration(TimeSpan.FromSeconds(last.Seconds)),
            $"spent training, {(run.Recipe.Method == TrainingMethod.Distillation ? "the articulation" : "pre-training of η")} included");
    }

    private static IEnumerable<ReportResult> Results(RunFolder run, JsonObject? metrics)
    {
        if (Value(metrics, Error) is not { } error)
            yield break;
        yield return new ReportResult(
            run.Recipe.Name, error, Value(metrics, "nme_percent"), $"this run, {run.Recipe.Method.Supervision}", IsRun: true);
        foreach ((string key, JsonNode? value) in metrics?["baselines"] as JsonObject ?? [])
        {
            (string name, string note) = BaselineNames.GetValueOrDefault(key, (key.Replace('_', ' '), ""));
            if (Number(value) is { } baseline)
                yield return new ReportResult(name, baseline, Value(metrics?["baseline_details"]?[key] as JsonObject, "nme_percent"), note);
        }
    }

    private static IEnumerable<ReportChart> Charts(IReadOnlyList<TrainingLogEntry> log, List<ReportResult> table)
    {
        foreach ((TrainingPhase phase, string during, string loss) in new[]
        {
            (TrainingPhase.Training, "while training", "Loss"),
            (TrainingPhase.Articulation, "during the articulation", "Articulation"),
            (TrainingPhase.RegressorPretraining, "", "Pre-training of η"),
        })
        {
            List<TrainingLogEntry> entries = [.. log.Where(entry => entry.Phase == phase)];
            if (Series(entries, entry => entry.Evaluation, Error) is { Points.Count: > 0 } test)
            {
                IEnumerable<KeyValuePair<string, double>> references =
                    table.Where(result => !result.IsRun).Select(result => KeyValuePair.Create(result.Name, result.ErrorPercentOfImage));
                yield return new ReportChart($"Test error {during}, % of image", [test],
                    [.. references.Where(reference => double.IsFinite(reference.Value))], IsWide: true);
            }
            foreach (string name in entries.SelectMany(entry => entry.Losses.Keys).Distinct())
                yield return new ReportChart($"{loss}: {name.Replace('_', ' ')}", [Series(entries, entry => entry.Losses, name)]);
        }
    }

    private static IEnumerable<ReportChart> ConfidenceCharts(JsonObject? confidence)
    {
        if (confidence is null || Value(confidence, "ece") is not { } ece)
            yield break;
        List<ReportSeries> risk = [.. new[] { ("frames", "risk_coverage"), ("keypoints", "keypoint_risk_coverage") }
            .Select(curve => new ReportSeries(curve.Item1, Points(confidence[curve.Item2] as JsonArray)))
            .Where(curve => curve.Points.Count > 0)];
        string correlation = Value(confidence, "rank_correlation") is { } rho
            ? string.Create(CultureInfo.InvariantCulture, $"; rank correlation {rho:F2}")
            : "";
        if (risk.Count > 0)
            yield return new ReportChart($"Error of the surest, % of image, by the share that is kept{correlation}", risk, Along: "share");
        if (Points(confidence["reliability"] as JsonArray) is { Count: > 0 } right)
        {
            yield return new ReportChart(
                string.Create(CultureInfo.InvariantCulture,
                    $"Share within {Value(confidence, "within_percent"):0.#} % of image, by confidence; calibration error {ece:F3}"),
                [new ReportSeries("share", right), new ReportSeries("ideal", [(0, 0), (1, 1)])], Along: "confidence");
        }
    }

    private static List<(double X, double Value)> Points(JsonArray? curve) =>
        [.. (curve ?? []).OfType<JsonArray>().Select(point => (Number(point[0]), Number(point[1])))
            .Where(point => point is (not null, not null)).Select(point => (point.Item1!.Value, point.Item2!.Value))];

    private static ReportSeries Series(
        List<TrainingLogEntry> log, Func<TrainingLogEntry, IReadOnlyDictionary<string, double>> values, string name) =>
        new(name, [.. log.Where(entry => values(entry).ContainsKey(name)).Select(entry => ((double)entry.Step, values(entry)[name]))]);

    private static IEnumerable<ReportBreakdown> Breakdowns(JsonObject? metrics)
    {
        foreach ((JsonNode? values, string title) in new[]
        {
            (metrics?["per_keypoint"], "By keypoint, % of image"),
            (metrics?["per_keypoint_group"], "By part, % of image"),
            (metrics?["baseline_details"]?["own_mean_shape"]?["per_keypoint_group"], "Own mean shape by part, % of image"),
            (metrics?["per_group"], "By group of frames, % of image"),
        })
        {
            List<KeyValuePair<string, double>> bars = [];
            foreach ((string name, JsonNode? value) in values as JsonObject ?? [])
            {
                if (Number(value) is { } number)
                    bars.Add(new(name, number));
            }
            if (bars.Count > 0)
                yield return new ReportBreakdown(title, bars);
        }
    }

    private static List<ReportPicture> Pictures(RunFolder run)
    {
        // The last grid, the last of the articulation, and three that show how it came about.
        IReadOnlyList<string> samples = run.ListSamples();
        int articulations =
            samples.Count(path => Path.GetFileName(path).StartsWith(RunFolder.ArticulationSamples, StringComparison.Ordinal));
        IEnumerable<int> chosen = new[] { samples.Count - 1, articulations - 1, samples.Count / 2, samples.Count / 8,
            0 }.Where(index => index >= 0 && index < samples.Count).Distinct();
        return [.. chosen.Select(index => new ReportPicture(Title(samples[index]), File.ReadAllBytes(samples[index])))];
    }

    private static string Title(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);
        (string prefix, string after) = name.StartsWith(RunFolder.ArticulationSamples, StringComparison.Ordinal)
            ? (RunFolder.ArticulationSamples, "Articulation, after")
            : (RunFolder.Samples, "After");
        return long.TryParse(name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out long step)
            ? string.Create(CultureInfo.InvariantCulture, $"{after} {step} steps")
            : name;
    }

    private static double? Value(JsonObject? owner, string key) => Number(owner?[key]);

    private static double? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue(out double number) ? number : null;
}
