using KeypointMl.Training.Optimisation;
using static TorchSharp.torch;

namespace KeypointMl.Training.Tests;

[TestClass]
public sealed class LossAveragesTests
{
    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Means_are_over_the_steps_that_had_the_loss(bool readsEveryStep)
    {
        using var averages = new LossAverages(readsEveryStep);
        Add(averages, ("reconstruction", 4), ("warm_up", 1));
        Add(averages, ("reconstruction", 2), ("warm_up", 3));
        Add(averages, ("reconstruction", 3), ("adversarial", 5), ("equivariance", 7));
        Add(averages, ("adversarial", 1), ("reconstruction", 1));

        var means = averages.TakeMeans();

        Assert.AreEqual("adversarial 3, equivariance 7, reconstruction 2.5, warm_up 2",
            string.Join(", ", means.Select(mean => FormattableString.Invariant($"{mean.Key} {mean.Value}"))));
        CollectionAssert.AreEqual((string[])["adversarial", "reconstruction"], averages.Latest.Select(loss => loss.Key).ToArray());
        Assert.IsEmpty(averages.TakeMeans());
    }

    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public void Means_are_the_same_across_a_checkpoint(bool readsEveryStep)
    {
        using var first = new LossAverages(readsEveryStep);
        using var second = new LossAverages(readsEveryStep);
        Add(first, ("reconstruction", 4), ("warm_up", 1));
        Add(first, ("reconstruction", 2), ("adversarial", 5));
        second.Restore(first.ToJson()!);
        foreach (LossAverages averages in (LossAverages[])[first, second])
            Add(averages, ("reconstruction", 3), ("adversarial", 2));

        CollectionAssert.AreEqual(first.TakeMeans(), second.TakeMeans());
    }

    [TestMethod]
    public void Checkpoint_without_steps_of_a_loss_means_all_steps()
    {
        using var averages = new LossAverages();
        averages.Restore("""{"Steps":4,"Sums":{"reconstruction":8}}""");

        Assert.AreEqual(2, averages.TakeMeans()["reconstruction"]);
    }

    private static void Add(LossAverages averages, params (string Name, float Value)[] losses)
    {
        using IDisposable scope = NewDisposeScope();
        averages.Add([.. losses.Select(loss => (loss.Name, tensor(loss.Value)))]);
    }
}
