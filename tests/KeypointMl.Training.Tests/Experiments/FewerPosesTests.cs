using System.Numerics;
using KeypointMl.Data.Priors;
using KeypointMl.Training.Figures;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Runs;
using KeypointMl.Training.Tensors;

namespace KeypointMl.Training.Tests;

/// <summary>Table 5's fewer prior poses.</summary>
[TestClass]
public sealed class FewerPosesTests
{
    [TestMethod]
    public void Sample_has_so_many_different_poses_of_the_prior_by_the_seed()
    {
        PosePrior prior = TinyRun.Puppets.OpenPrior();

        PosePrior some = prior.Sample(10, seed: 1);

        Assert.HasCount(10, some.Poses);
        Assert.HasCount(10, some.Poses.Distinct(ReferenceEqualityComparer.Instance).ToArray());
        Assert.IsTrue(some.Poses.All(pose => prior.Poses.Any(other => ReferenceEquals(other, pose))));
        Assert.IsTrue(some.Poses.SequenceEqual(prior.Sample(10, seed: 1).Poses));
        Assert.IsFalse(some.Poses.SequenceEqual(prior.Sample(10, seed: 2).Poses));
    }

    [TestMethod]
    public void Figure_draws_the_poses_that_the_run_learnt_from()
    {
        using var folder = new TemporaryFolder();
        Recipe recipe = TinyRun.Recipe(steps: 1, pretraining: 1);
        recipe = recipe with { Prior = recipe.Prior with { Poses = 5 } };
        using RunFolder run = RunFolder.Create(folder["run"], recipe);
        TinyRun.Train(run);

        using var source = FigureSource.Open(run, dataRoot: null, TrainingDevice.Cpu);

        Assert.HasCount(5, source.Prior().Poses);
    }

    [TestMethod]
    public void Sample_of_all_is_all_and_of_more_is_refused()
    {
        PosePrior prior = TinyRun.Puppets.OpenPrior();

        Assert.IsTrue(prior.Poses.ToHashSet<Vector2[]>().SetEquals(prior.Sample(prior.Poses.Count, 1).Poses));
        Assert.Contains($"{prior.Poses.Count:N0}",
            Assert.ThrowsExactly<InvalidDataException>(() => prior.Sample(prior.Poses.Count + 1, 1)).Message);
    }
}
