using KeypointMl.Training.Experiments;

namespace KeypointMl.Training.Tests;

[TestClass]
public sealed class ResultsLedgerTests
{
    [TestMethod]
    public void Newest_entry_of_a_run_counts_and_an_unfinished_line_is_dropped()
    {
        using var folder = new TemporaryFolder();
        var ledger = new ResultsLedger(folder["results.jsonl"]);
        ledger.Append(Entry("a", RunOutcome.Failed));
        File.AppendAllText(ledger.Path, "{\"key\": \"cut sh");

        Assert.AreEqual(RunOutcome.Failed, ledger.Read()["a"].Outcome);
        ledger.Append(Entry("a", RunOutcome.Finished));

        Assert.AreEqual(RunOutcome.Finished, ledger.Read()["a"].Outcome);
        Assert.HasCount(2, File.ReadAllLines(ledger.Path));
    }

    [TestMethod]
    public void Broken_line_is_named_by_file_and_number()
    {
        using var folder = new TemporaryFolder();
        var ledger = new ResultsLedger(folder["results.jsonl"]);
        ledger.Append(Entry("a", RunOutcome.Finished));
        File.AppendAllText(ledger.Path, "{\"key\": 5}\n");

        string message = Assert.ThrowsExactly<InvalidDataException>(ledger.Read).Message;

        Assert.Contains("results.jsonl:2:", message);
    }

    [TestMethod]
    public void Line_whose_metrics_have_a_key_twice_is_named()
    {
        using var folder = new TemporaryFolder();
        var ledger = new ResultsLedger(folder["results.jsonl"]);
        ledger.Append(Entry("a", RunOutcome.Finished) with { Metrics = new() { ["frames"] = 1 } });
        File.WriteAllText(ledger.Path,
            File.ReadAllText(ledger.Path).Replace("\"frames\":1", "\"frames\":1,\"frames\":2", StringComparison.Ordinal));

        string message = Assert.ThrowsExactly<InvalidDataException>(ledger.Read).Message;

        Assert.Contains("results.jsonl:1:", message);
    }

    [TestMethod]
    public void Entries_of_several_writers_are_all_kept()
    {
        using var folder = new TemporaryFolder();
        string path = folder["results.jsonl"];

        Parallel.For(0, 4, writer =>
        {
            for (int i = 0; i < 10; i++)
                new ResultsLedger(path).Append(Entry($"{writer}-{i}", RunOutcome.Finished));
        });

        Assert.HasCount(40, new ResultsLedger(path).Read());
    }

    private static LedgerEntry Entry(string key, RunOutcome outcome) => LedgerEntries.Entry(1, null, outcome) with { Key = key };
}
