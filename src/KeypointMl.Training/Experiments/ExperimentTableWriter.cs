using KeypointMl.Data;

namespace KeypointMl.Training;

/// <summary>Writes an experiment's table as Markdown, CSV and HTML; each appears complete or not at all.</summary>
internal static class ExperimentTableWriter
{
    public static void Write(ExperimentTable table, ExperimentFolder folder, ExperimentPlan plan)
    {
        AtomicFile.WriteAllText(folder.MarkdownPath, ExperimentMarkdown.Render(table));
        AtomicFile.WriteAllText(folder.CsvPath, ExperimentCsv.Render(table));
        AtomicFile.WriteAllText(folder.ReportPath, ExperimentHtml.Render(table, Pictures(folder, plan)));
    }

    /// <summary>The last samples of every cell's first run that has any; cells that show the same run share them.</summary>
    private static List<ReportPicture> Pictures(ExperimentFolder folder, ExperimentPlan plan)
    {
        List<ReportPicture> pictures = [];
        HashSet<string> shown = [];
        foreach (PlannedCell cell in plan.Cells)
        {
            (PlannedRun Run, string Path)? found = cell.Runs.Select(run => (run, LastSample(folder, run))).FirstOrDefault(pair => pair.Item2 is not null) is ({ } run, { } path) ? (run, path) : null;
            if (found is { } sample && shown.Add(sample.Run.Key))
                pictures.Add(new ReportPicture(sample.Run.Recipe.Name, File.ReadAllBytes(sample.Path)));
        }
        return pictures;
    }

    private static string? LastSample(ExperimentFolder folder, PlannedRun run)
    {
        if (folder.Find(run) is not { } path || !File.Exists(Path.Combine(path, "recipe.yaml")))
            return null;
        using var opened = RunFolder.Open(path);
        return opened.ListSamples().LastOrDefault();
    }
}
