using System.Collections.Immutable;
using KeypointMl.Training.Runs;

namespace KeypointMl.Training.Tests;

[TestClass]
public sealed class TrainingLogTests
{
    [TestMethod]
    public void Append_then_read_gives_the_entries_one_line_each()
    {
        using var folder = new TemporaryFolder();
        TrainingLogEntry[] entries =
        [
            Entry(TrainingPhase.RegressorPretraining, 5), Entry(TrainingPhase.Training, 1),
            Entry(TrainingPhase.Training, 2, double.NaN),
        ];

        using (TrainingLog log = TrainingLog.Open(folder["log.jsonl"]))
        {
            foreach (TrainingLogEntry entry in entries)
                log.Append(entry);
            CollectionAssert.AreEqual(entries, TrainingLog.Read(folder["log.jsonl"]).ToArray(), "a log that is being written can be read");
        }

        Assert.AreEqual(
            """{"phase":"training","step":1,"seconds":0.5,"images_per_second":32,"losses":{"adversarial":0.25,"reconstruction":1},"evaluation":{}}""",
            File.ReadAllLines(folder["log.jsonl"])[1]);
    }

    [TestMethod]
    public void Open_to_go_on_removes_what_came_after_and_an_unfinished_line()
    {
        using var folder = new TemporaryFolder();
        using (TrainingLog log = TrainingLog.Open(folder["log.jsonl"]))
        {
            log.Append(Entry(TrainingPhase.RegressorPretraining, 900));
            log.Append(Entry(TrainingPhase.Training, 100));
            log.Append(Entry(TrainingPhase.Training, 200));
        }
        File.AppendAllText(folder["log.jsonl"], """{"phase":"training","st""");

        using (TrainingLog log = TrainingLog.Open(folder["log.jsonl"], TrainingPhase.Training, 100))
            log.Append(Entry(TrainingPhase.Training, 150));

        CollectionAssert.AreEqual(new[] { 900L, 100, 150 }, TrainingLog.Read(folder["log.jsonl"]).Select(entry => entry.Step).ToArray());
    }

    [TestMethod]
    [DataRow("""{"phase":"training","step":1,"seconds":1,"loss":3}""")]
    [DataRow("""{"phase":"testing","step":1,"seconds":1}""")]
    [DataRow("null")]
    [DataRow("")]
    [DataRow("step 1")]
    public void Read_line_that_is_no_entry_names_file_and_line(string line)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["log.jsonl"], """{"phase":"training","step":1,"seconds":1}""" + $"\n{line}\n");

        InvalidDataException exception = Assert.ThrowsExactly<InvalidDataException>(() => TrainingLog.Read(folder["log.jsonl"]));

        Assert.StartsWith($"{folder["log.jsonl"]}:2: ", exception.Message);
    }

    [TestMethod]
    public void Every_changed_byte_of_a_log_is_found_and_names_the_line()
    {
        using var folder = new TemporaryFolder();
        string path = WriteThree(folder);
        byte[] good = File.ReadAllBytes(path);
        int second = good.AsSpan().IndexOf((byte)'\n') + 1;
        for (int at = second; at < second + 60; at++)
        {
            byte[] bad = [.. good];
            bad[at] ^= 2;
            File.WriteAllBytes(path, bad);

            InvalidDataException exception = Assert.ThrowsExactly<InvalidDataException>(() => TrainingLog.Read(path), $"byte {at}");

            Assert.StartsWith($"{path}:2: ", exception.Message);
            Assert.Contains("move it away", exception.Message);
        }
    }

    [TestMethod]
    public void Log_that_lost_its_end_is_refused_where_it_is_needed()
    {
        using var folder = new TemporaryFolder();
        string path = WriteThree(folder);
        File.WriteAllLines(path, File.ReadAllLines(path)[..1]);

        Assert.Contains("it has 1 lines, and 3 were written",
            Assert.ThrowsExactly<InvalidDataException>(() => TrainingLog.Read(path)).Message);
        Assert.ThrowsExactly<InvalidDataException>(() => TrainingLog.Open(path, TrainingPhase.Training, 2));
        // What came after the place where training goes on is removed in any case.
        using TrainingLog log = TrainingLog.Open(path);
        Assert.IsEmpty(log.Kept);
    }

    [TestMethod]
    public void Log_whose_last_checksum_was_not_written_any_more_is_whole()
    {
        using var folder = new TemporaryFolder();
        string path = WriteThree(folder);
        string checksums = LogChecksums.PathOf(path);
        File.WriteAllText(checksums, File.ReadAllText(checksums)[..^30]);

        using (TrainingLog log = TrainingLog.Open(path, TrainingPhase.Training, 9))
            Assert.HasCount(3, log.Kept);

        Assert.HasCount(3, File.ReadAllLines(checksums));
    }

    [TestMethod]
    public void Open_that_fails_at_the_checksums_leaves_the_log_as_it_was()
    {
        using var folder = new TemporaryFolder();
        string path = WriteThree(folder);
        byte[] before = File.ReadAllBytes(path);
        File.Delete(LogChecksums.PathOf(path));
        Directory.CreateDirectory(Path.Combine(LogChecksums.PathOf(path), "in the way"));

        Assert.Throws<Exception>(() => TrainingLog.Open(path, TrainingPhase.Training, 1));

        CollectionAssert.AreEqual(before, File.ReadAllBytes(path));
    }

    [TestMethod]
    public void Log_of_an_earlier_version_gets_checksums_when_it_is_gone_on_with()
    {
        using var folder = new TemporaryFolder();
        string path = WriteThree(folder);
        File.Delete(LogChecksums.PathOf(path));

        Assert.HasCount(3, TrainingLog.Read(path));
        using (TrainingLog log = TrainingLog.Open(path, TrainingPhase.Training, 1))
            log.Append(Entry(TrainingPhase.Training, 2));

        Assert.HasCount(3, File.ReadAllLines(LogChecksums.PathOf(path)));
        Assert.HasCount(3, TrainingLog.Read(path));
    }

    private static string WriteThree(TemporaryFolder folder)
    {
        using TrainingLog log = TrainingLog.Open(folder["log.jsonl"]);
        foreach (TrainingLogEntry entry in new[] { Entry(TrainingPhase.RegressorPretraining, 5), Entry(TrainingPhase.Training, 1),
            Entry(TrainingPhase.Training, 2) })
            log.Append(entry);
        return folder["log.jsonl"];
    }

    private static TrainingLogEntry Entry(TrainingPhase phase, long step, double loss = 1) => new()
    {
        Phase = phase,
        Step = step,
        Seconds = 0.5,
        ImagesPerSecond = 32,
        Losses = ImmutableSortedDictionary.CreateRange(
            [KeyValuePair.Create("reconstruction", loss), KeyValuePair.Create("adversarial", 0.25)]),
    };
}
