using KeypointMl.Scoring.Jobs;

namespace KeypointMl.Scoring.Tests;

[TestClass]
public sealed class JobPlannerTests
{
    [TestMethod]
    public void Frames_are_divided_in_order_and_none_is_left_out()
    {
        using var fixture = new JobFixture(7);

        JobPlan plan = fixture.Plan("job", 3);
        ScoreJob job = fixture.Open("job");

        Assert.AreEqual((7L, 7L, 3), (plan.Inputs, plan.Frames, plan.Shards));
        CollectionAssert.AreEqual(new[] { 3L, 3L, 1L }, job.Shards.Select(shard => shard.Frames).ToArray());
        CollectionAssert.AreEqual(
            Enumerable.Range(1, 7).Select(i => Path.Combine(fixture.Folder.Images, $"frame{i}.png")).ToArray(),
            job.Shards.SelectMany(job.InputsOf).Select(input => input.Path).ToArray());
    }

    [TestMethod]
    public void Keys_tell_inputs_model_and_pipeline_apart()
    {
        using var fixture = new JobFixture(4);
        fixture.Plan("a", 2);
        fixture.Plan("same", 2);
        File.AppendAllText(fixture.Pipeline, "steps:\n  - threshold: 0.5\n");
        fixture.Plan("other-pipeline", 2);
        var model = KeypointMl.Onnx.Model.OnnxModel.Load(File.ReadAllBytes(fixture.Folder.Model));
        model.SetMetadata("note", "other bytes");
        model.Save(fixture.Folder.Model);
        fixture.Plan("other-model", 2);

        string[] Keys(string job) => [.. fixture.Open(job).Shards.Select(shard => shard.Key)];
        CollectionAssert.AreEqual(Keys("a"), Keys("same"));
        CollectionAssert.AllItemsAreUnique(Keys("a").Concat(Keys("other-pipeline")).Concat(Keys("other-model")).ToArray());
    }

    [TestMethod]
    public void Folder_with_the_same_job_is_left_and_with_another_is_refused()
    {
        using var fixture = new JobFixture(4);
        JobPlan first = fixture.Plan("job", 2);
        fixture.Folder.WithImages(9); // the job's list of inputs is fixed

        Assert.AreEqual((first.Inputs, first.Shards), (fixture.Plan("job", 2).Inputs, fixture.Plan("job", 2).Shards));
        Assert.AreEqual(2, JobPlanner.Plan(fixture.Pipeline, fixture.Folder["job"]).ShardFrames);
        Assert.Contains("whose shards have 2 frames; 3 were asked for",
            Assert.ThrowsExactly<InvalidDataException>(() => fixture.Plan("job", 3)).Message);
        File.AppendAllText(fixture.Pipeline, "# changed\n");
        Assert.Contains("holds the job of another pipeline",
            Assert.ThrowsExactly<InvalidDataException>(() => fixture.Plan("job", 2)).Message);
    }

    [TestMethod]
    public void Two_inputs_of_one_name_are_refused_and_no_job_is_left()
    {
        using var fixture = new JobFixture(2);
        string text = File.ReadAllText(fixture.Pipeline);
        File.WriteAllText(fixture.Pipeline,
            text.Replace($"input: {fixture.Folder.Images}", $"inputs: [{fixture.Folder.Images}, {fixture.Folder.Images}/*.png]"));

        Assert.Contains("twice", Assert.ThrowsExactly<InvalidDataException>(() => fixture.Plan("job", 2)).Message);
        Assert.ThrowsExactly<FileNotFoundException>(() => fixture.Open("job"));

        File.WriteAllText(fixture.Pipeline,
            text.Replace($"input: {fixture.Folder.Images}",
                $"inputs: [{fixture.Folder.Images}, {{path: {fixture.Folder.Images}/*.png, prefix: again}}]"));
        Assert.AreEqual(4, fixture.Plan("job", 2).Frames);
    }

    [TestMethod]
    public void Still_images_are_refused_by_a_pipeline_that_smooths_over_time()
    {
        using var fixture = new JobFixture(2, "steps:\n  - median: 3\n");

        Assert.Contains("is a still image", Assert.ThrowsExactly<InvalidDataException>(() => fixture.Plan("job", 2)).Message);
    }

    [TestMethod]
    public void Normalisation_that_does_not_fit_the_model_is_refused()
    {
        using var fixture = new JobFixture(2, "steps:\n  - normalize: { upright_from: red, upright_to: yellow }\n");

        Assert.Contains("no keypoint 'yellow'", Assert.ThrowsExactly<InvalidDataException>(() => fixture.Plan("job", 2)).Message);
    }
}
