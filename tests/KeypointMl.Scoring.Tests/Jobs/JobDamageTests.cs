using System.Text.Json.Nodes;
using KeypointMl.Scoring.Jobs.Results;
using KeypointMl.Scoring.Jobs.Working;
using KeypointMl.Scoring.Rows;

namespace KeypointMl.Scoring.Tests;

/// <summary>Jobs whose files are not what was written: nothing of them counts, each is named, and the next worker puts right
/// what it can.</summary>
[TestClass]
public sealed class JobDamageTests
{
    [TestMethod]
    public async Task Changed_byte_anywhere_in_a_part_stops_the_merge_and_the_next_worker_does_it_anew()
    {
        using var fixture = new JobFixture(6);
        fixture.Plan("job", 2);
        await fixture.WorkAsync("job");
        string calm = fixture.Content("job");
        string part = fixture.Parts("job")[1];
        byte[] good = File.ReadAllBytes(part);
        var random = new Random(4);
        for (int i = 0; i < 12; i++)
        {
            byte[] bad = [.. good];
            bad[random.Next(bad.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(part, bad);

            InvalidDataException thrown =
                await Assert.ThrowsExactlyAsync<InvalidDataException>(() => new JobMerger(fixture.Open("job")).MergeAsync([]));

            Assert.Contains($"'{part}' is damaged", thrown.Message);
            Assert.Contains($"keypointml score --job {fixture.Folder["job"]}", thrown.Message);
            Assert.IsFalse(File.Exists(fixture.Folder["merged.csv"]));
            Assert.Contains("its content is not what the manifest says", (await fixture.VerifyAsync("job")).Problems.Single());
        }

        WorkSummary again = await fixture.WorkAsync("job");

        Assert.AreEqual((1, 2), (again.Shards, again.Skipped));
        Assert.AreEqual(calm, fixture.Content("job"));
        Assert.AreEqual(6, await new JobMerger(fixture.Open("job")).MergeAsync([]));
    }

    [TestMethod]
    public async Task Part_that_was_cut_short_is_damaged_and_not_only_unfinished()
    {
        using var fixture = new JobFixture(4);
        fixture.Plan("job", 2);
        await fixture.WorkAsync("job");
        string part = fixture.Parts("job")[0];
        File.WriteAllBytes(part, File.ReadAllBytes(part)[..^10]);

        JobState state = await fixture.VerifyAsync("job");

        Assert.StartsWith(part, state.Problems.Single());
        Assert.IsEmpty(state.Unfinished);
    }

    [TestMethod]
    [DataRow("plan.json")]
    [DataRow("shards.jsonl")]
    [DataRow("pipeline.yaml")]
    [DataRow("inputs.jsonl.gz")]
    public void Changed_byte_anywhere_in_a_plan_is_found_and_named(string name)
    {
        using var fixture = new JobFixture(6);
        fixture.Plan("job", 2);
        string path = fixture.Folder[$"job/{name}"];
        byte[] good = File.ReadAllBytes(path);
        var random = new Random(7);
        for (int i = 0; i < 30; i++)
        {
            byte[] bad = [.. good];
            int at = random.Next(bad.Length);
            bad[at] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(path, bad);
            try
            {
                // Which reads the inputs of every shard.
                int inputs = fixture.Open("job") is var job ? job.Shards.SelectMany(job.InputsOf).Count() : 0;

                // Of gzip's header and of JSON's white space some bits mean nothing.
                Assert.IsTrue(name is "inputs.jsonl.gz" or "plan.json", $"byte {at} of {name}");
                Assert.AreEqual(6, inputs);
            }
            catch (InvalidDataException e)
            {
                Assert.IsTrue(e.Message.Contains(name, StringComparison.Ordinal)
                    || e.Message.Contains("was planned by", StringComparison.Ordinal), e.Message);
            }
        }
    }

    [TestMethod]
    public async Task Damaged_record_names_its_line_and_what_to_do()
    {
        using var fixture = new JobFixture(4);
        fixture.Plan("job", 2);
        await fixture.WorkAsync("job");
        string manifest = Directory.GetFiles(fixture.Folder["job/manifest"]).Single();
        string[] lines = File.ReadAllLines(manifest);
        File.WriteAllText(manifest, $"{lines[0]}\n{lines[1].Replace("\"shard\"", "\"shird\"", StringComparison.Ordinal)}\n");

        InvalidDataException thrown = await Assert.ThrowsExactlyAsync<InvalidDataException>(() => fixture.VerifyAsync("job"));
        Assert.StartsWith($"{manifest}:2 is damaged", thrown.Message);
        Assert.Contains("Remove the line", thrown.Message);

        File.WriteAllText(manifest, lines[0] + "\n");
        Assert.AreEqual(1, (await fixture.WorkAsync("job")).Shards);
        Assert.IsTrue((await fixture.VerifyAsync("job")).IsComplete);
    }

    [TestMethod]
    public async Task Job_of_the_version_without_checksums_is_finished_and_said_to_have_none()
    {
        using var fixture = new JobFixture(4);
        fixture.Plan("job", 2);
        string path = fixture.Folder["job/plan.json"];
        JsonObject plan = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        plan.Remove("sha256");
        plan.Remove("shards_sha256");
        File.WriteAllText(path, plan.ToJsonString());
        var monitor = new NoteList();

        await new JobWorker(fixture.Open("job"), WorkShare.All).RunAsync([], monitor);

        Assert.Contains("carries no checksums", monitor.Notes.Single());
        Assert.IsTrue((await fixture.VerifyAsync("job")).IsComplete);
    }

    [TestMethod]
    public async Task Predictions_with_a_changed_byte_are_read_or_refused_as_damaged()
    {
        using var fixture = new JobFixture(6);
        fixture.Plan("job", 6);
        await fixture.WorkAsync("job");
        string path = fixture.Parts("job").Single();
        byte[] good = File.ReadAllBytes(path);
        var random = new Random(11);
        int refused = 0;
        for (int i = 0; i < 60; i++)
        {
            byte[] bad = [.. good];
            bad[random.Next(bad.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(path, bad);
            try
            {
                await foreach (PredictionRow _ in PredictionParquet.ReadAsync(path, TestModels.Skeleton))
                {
                }
            }
            catch (InvalidDataException e)
            {
                refused++;
                Assert.Contains(path, e.Message);
            }
        }
        Assert.IsGreaterThan(10, refused);
    }
}
