using KeypointMl.Data.Yaml;

namespace KeypointMl.Training.Experiments;

/// <summary>YAML → <see cref="Experiment"/>; every complaint names file and line.</summary>
internal static class ExperimentReader
{
    public static Experiment Read(YamlSection root, string source)
    {
        IReadOnlyList<ExperimentColumn> columns = root.Required("columns").AsFilledListOf(item => Column(item.AsSection()));
        RequireUnique(columns.Select(column => column.Name), root.Required("columns"));
        string[] names = [.. columns.Select(column => column.Name)];
        var experiment = new Experiment
        {
            Source = source,
            Title = root.Required("title").AsString(),
            Paper = root.Optional("paper")?.AsString() ?? "",
            Description = root.Optional("description")?.AsString().Trim() ?? "",
            Seeds = Seeds(root.Required("seeds")),
            Columns = columns,
            Rows = root.Required("rows").AsFilledListOf(item => Row(item.AsSection(), names)),
        };
        RequireUnique(experiment.Rows.Select(row => row.Name), root.Required("rows"));
        root.RejectUnknownKeys();
        return experiment;
    }

    private static ExperimentColumn Column(YamlSection section)
    {
        var column = new ExperimentColumn
        {
            Name = section.Required("name").AsString(),
            Metric = Metric(section.Required("metric")),
            Postprocessed = section.Optional("postprocessed")?.AsBoolean() ?? false,
            Paper = section.Optional("paper")?.AsString(),
            Training = Training(section),
        };
        section.RejectUnknownKeys();
        return column;
    }

    private static ExperimentRow Row(YamlSection section, string[] columns)
    {
        var row = new ExperimentRow
        {
            Where = section.Where,
            Name = section.Required("name").AsString(),
            Group = section.Optional("group")?.AsString(),
            Note = section.Optional("note")?.AsString().Trim() ?? "",
            Cited = section.Optional("cited")?.AsBoolean() ?? false,
            Columns = section.Optional("columns")?.AsFilledListOf(item => item.AsOneOf(columns)),
            Seeds = section.Optional("seeds") is { } seeds ? Seeds(seeds) : null,
            Metric = section.Optional("metric") is { } metric ? Metric(metric) : null,
            Postprocessed = section.Optional("postprocessed")?.AsBoolean() ?? false,
            Paper = section.Optional("paper") is { } paper ? Paper(paper.AsSection(), columns) : new Dictionary<string, string>(),
            Training = Training(section),
        };
        section.RejectUnknownKeys();
        return row;
    }

    private static ExperimentTraining Training(YamlSection section) => new(
        section.Optional("recipe")?.AsString(),
        section.Optional("start_from")?.AsString(),
        section.Optional("set") is { } set ? Settings(set.AsSection()) : []);

    private static List<string> Settings(YamlSection set) => [.. set.Keys.Select(key => $"{key}={set.Required(key).AsString()}")];

    private static Dictionary<string, string> Paper(YamlSection section, string[] columns)
    {
        Dictionary<string, string> figures = new(StringComparer.Ordinal);
        foreach (string column in columns)
        {
            if (section.Optional(column) is { } figure)
                figures.Add(column, figure.AsString());
        }
        section.RejectUnknownKeys();
        return figures;
    }

    private static ExperimentMetric Metric(YamlValue value)
    {
        if (ExperimentMetric.Find(value.AsString()) is { } metric)
            return metric;
        value.Complain($"expected a number of metrics.json, one of {string.Join(", ", ExperimentMetric.Known)}", ExperimentMetric.Known);
        return ExperimentMetric.Find("error_percent_of_image")!;
    }

    private static IReadOnlyList<ulong> Seeds(YamlValue value)
    {
        IReadOnlyList<ulong> seeds = value.AsFilledListOf(item => (ulong)item.AsInt64(min: 0));
        RequireUnique(seeds.Select(seed => $"{seed}"), value);
        return seeds;
    }

    private static void RequireUnique(IEnumerable<string> names, YamlValue list)
    {
        if (names.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            list.Complain($"'{twice.Key}' stands in it twice; expected each once");
    }
}
