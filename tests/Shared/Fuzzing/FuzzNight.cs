using System.Collections.Concurrent;
using System.Globalization;

namespace KeypointMl.Testing;

/// <summary>
/// A nightly run: a Markdown row for each reader, in a folder. A row is written before its reader begins and again when it ends, so that a
/// process that died leaves one that says so; the same command then goes on with the readers that have none.
/// </summary>
internal static class FuzzNight
{
    private const int Seed = 15;
    private static readonly string[] Heading =
    [
        "reader", "cases", "refused", "read", "undocumented exceptions", "too long", "deaths", "slowest", "most allocated", "limit",
        "resident growth", "minutes",
    ];

    /// <summary>Reads as many spoiled files as a night has.</summary>
    /// <param name="reader">What reads them.</param>
    /// <returns>What should not have happened; empty where all is well, or where there is a row of before.</returns>
    public static IReadOnlyCollection<string> Run(FuzzedReader reader)
    {
        string folder = Directory.CreateDirectory(FuzzNightConditionAttribute.Folder).FullName;
        string row = Path.Combine(folder, $"{reader.Name}.md");
        if (File.Exists(row))
            return [];
        File.WriteAllText(Path.Combine(folder, "0.md"), Line(Heading) + Line(Heading.Select(_ => "---")));
        File.WriteAllText(row, Line([reader.Name, .. Heading.Skip(1).Select(column => column == "deaths" ? "1" : "")]));
        int cases = (int)(reader.NightlyCases * FuzzNightConditionAttribute.Scale);
        var found = new ConcurrentQueue<string>();
        var run = new FuzzRun(reader, FilesFolder(), Seed, (what, file) => Keep(folder, reader, what, file, found));
        FuzzResult result = run.Run(done => done < cases);
        File.WriteAllText(row, Row(reader, result));
        return found;
    }

    // In memory where the system has such a folder.
    private static string FilesFolder() =>
        Directory.CreateDirectory(Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), "keypointml-fuzz")).FullName;

    // One reader's fault comes back thousands of times: some are enough.
    private static void Keep(string folder, FuzzedReader reader, string what, byte[] file, ConcurrentQueue<string> found)
    {
        const int Enough = 20;
        if (found.Count >= Enough)
            return;
        string name = $"{reader.Name}-{found.Count}";
        File.WriteAllBytes(Path.Combine(folder, $"{name}{reader.Extension}"), file);
        File.WriteAllText(Path.Combine(folder, $"{name}.txt"), what);
        found.Enqueue($"{name}: {what.Split('\n')[0]}");
    }

    private static string Row(FuzzedReader reader, FuzzResult result)
    {
        int read = result.Cases - result.Refused - result.Undocumented;
        int[] counts = [result.Cases, result.Refused, read, result.Undocumented, result.Slow, 0];
        long[] sizes = [result.MostAllocated, reader.MaxBytes, result.ResidentGrowth];
        return Line(
        [
            reader.Name,
            .. counts.Select(count => count.ToString("N0", CultureInfo.InvariantCulture)),
            string.Create(CultureInfo.InvariantCulture, $"{result.Slowest.TotalMilliseconds:0} ms"),
            .. sizes.Select(Megabytes),
            result.Elapsed.TotalMinutes.ToString("0.0", CultureInfo.InvariantCulture),
        ]);
    }

    private static string Line(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |\n";

    private static string Megabytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 20):0.0} MiB");
}
