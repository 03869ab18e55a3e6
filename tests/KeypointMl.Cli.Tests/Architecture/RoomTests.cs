namespace KeypointMl.Cli.Tests.Architecture;

/// <summary>Who may know whom, between the projects and between the folders of one, held against the compiled code.</summary>
[TestClass]
public sealed class RoomTests
{
    private const string Document = "docs/architecture.md";
    private const string Start = "<!-- rooms: written by RoomTests -->";
    private const string End = "<!-- end of rooms -->";

    /// <summary>The projects, each with those that it may use; what one of these uses may be used as well.</summary>
    private static readonly IReadOnlyDictionary<string, string[]> Allowed = new SortedDictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["KeypointMl.Poses"] = [],
        ["KeypointMl.Imaging"] = ["KeypointMl.Poses"],
        ["KeypointMl.Onnx"] = [],
        ["KeypointMl.Onnx.TorchSharp"] = ["KeypointMl.Onnx"],
        ["KeypointMl.Onnx.TorchVision"] = ["KeypointMl.Onnx.TorchSharp"],
        ["KeypointMl.Inference"] = ["KeypointMl.Imaging", "KeypointMl.Onnx"],
        ["KeypointMl"] = ["KeypointMl.Inference"],
        ["KeypointMl.Models"] = [],
        ["KeypointMl.DependencyInjection"] = ["KeypointMl"],
        ["KeypointMl.StockChain"] = ["KeypointMl"],
        ["KeypointMl.Data"] = ["KeypointMl.Imaging"],
        ["KeypointMl.Scoring"] = ["KeypointMl.Inference", "KeypointMl.Data"],
        ["KeypointMl.Training"] = ["KeypointMl.Inference", "KeypointMl.Data", "KeypointMl.Onnx.TorchSharp"],
        ["KeypointMl.Training.MlNet"] = ["KeypointMl.Training", "KeypointMl"],
        ["KeypointMl.Studio"] = ["KeypointMl.Training", "KeypointMl.Scoring"],
        ["KeypointMl.Cli"] = ["KeypointMl.Studio"],
    };

    private static readonly Lazy<IReadOnlyList<CompiledRoom>> Rooms = new(CompiledRoom.ReadAll);

    [TestMethod]
    public void Projects_use_those_that_they_may()
    {
        string[] wrong =
        [
            .. from room in Rooms.Value
               from used in room.References
               where !Reachable(room.Name).Contains(used)
               select $"{room.Name} uses {used}",
        ];
        Assert.IsEmpty(wrong, string.Join(Environment.NewLine, wrong));
        Assert.IsGreaterThan(10, Rooms.Value.Count);
    }

    [TestMethod]
    public void Folders_of_a_project_use_each_other_in_one_direction()
    {
        string[] circles = [.. Rooms.Value.SelectMany(Circles)];
        Assert.IsEmpty(circles, string.Join(Environment.NewLine, circles));
    }

    [TestMethod]
    public void A_circle_is_noticed()
    {
        var uses = new Dictionary<(string, string), string>
        {
            [("A", "B")] = "x → y",
            [("B", "C")] = "y → z",
            [("C", "A")] = "z → x",
            [("C", "D")] = "z → d",
        };
        Assert.AreSequenceEqual(["A", "B", "C"], Circle(uses.Keys));
        uses.Remove(("C", "A"));
        Assert.IsEmpty(Circle(uses.Keys));
    }

    [TestMethod]
    public void The_document_shows_the_rooms_as_they_are()
    {
        string path = RepositoryFiles.Path(Document);
        string text = File.ReadAllText(path);
        int from = text.IndexOf(Start, StringComparison.Ordinal) + Start.Length, to = text.IndexOf(End, StringComparison.Ordinal);
        string written = Describe();
        if (Environment.GetEnvironmentVariable("KEYPOINTML_WRITE_ROOMS") == "1")
            File.WriteAllText(path, text[..from] + written + text[to..]);
        else
            Assert.AreEqual(written, text[from..to], $"Write it anew with KEYPOINTML_WRITE_ROOMS=1 (CONTRIBUTING.md).");
    }

    private static HashSet<string> Reachable(string project) =>
        [.. Allowed[project].SelectMany(used => Reachable(used).Append(used))];

    private static IEnumerable<string> Circles(CompiledRoom room)
    {
        string[] circle = Circle(room.Uses.Keys);
        foreach (((string from, string to), string example) in room.Uses)
        {
            if (circle.Contains(from) && circle.Contains(to))
                yield return $"{from} -> {to}: {example}";
        }
    }

    // What is left when those that use nobody, and those that nobody uses, are taken away again and again.
    private static string[] Circle(IEnumerable<(string From, string To)> uses)
    {
        var left = uses.ToHashSet();
        while (left.RemoveWhere(use => left.All(other => other.From != use.To) || left.All(other => other.To != use.From)) > 0)
        {
        }
        return [.. left.Select(use => use.From).Distinct().Order(StringComparer.Ordinal)];
    }

    // A line for each folder, from those that use nobody upwards.
    private static string Describe()
    {
        var text = new System.Text.StringBuilder("\n");
        foreach (CompiledRoom room in Rooms.Value.OrderBy(room => Reachable(room.Name).Count)
            .ThenBy(room => room.Name, StringComparer.Ordinal))
        {
            string[] uses = Allowed[room.Name];
            text.Append($"\n**{room.Name}**{(uses.Length == 0 ? "" : $" (uses {string.Join(", ", uses.Select(Short))})")}\n\n```\n");
            foreach ((string folder, string[] used) in Folders(room))
                text.Append($"{folder}{(used.Length == 0 ? "" : $" → {string.Join(", ", used)}")}\n");
            text.Append("```\n");
        }
        return text.Append('\n').ToString();
    }

    private static IEnumerable<(string Folder, string[] Uses)> Folders(CompiledRoom room)
    {
        string Name(string space) => space == room.Name ? "(root)" : space[(room.Name.Length + 1)..].Replace('.', '/');
        var left = room.Namespaces.ToDictionary(
            space => space, space => room.Uses.Keys.Where(use => use.From == space).Select(use => use.To).ToHashSet());
        while (left.Count > 0)
        {
            string[] next = [.. left.Where(one => !one.Value.Overlaps(left.Keys)).Select(one => one.Key).Order(StringComparer.Ordinal)];
            if (next.Length == 0)
                yield break; // a circle, which another test reports
            foreach (string space in next)
            {
                yield return (Name(space), [.. left[space].Select(Name).Order(StringComparer.Ordinal)]);
                left.Remove(space);
            }
        }
    }

    private static string Short(string project) =>
        project.StartsWith("KeypointMl.", StringComparison.Ordinal) ? project["KeypointMl.".Length..] : project;
}
