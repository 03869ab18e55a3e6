using System.Globalization;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Running;
using KeypointMl.Training.Runs;

namespace KeypointMl.Training.Tests;

/// <summary>The first losses of a tiny run, so that a change that should not change training does not.</summary>
[TestClass]
public sealed class GoldenLossTests
{
    // On one machine the losses are equal to the bit. Another processor's kernels sum in another order: AVX2 and
    // AVX-512 differ by 3e-7 before the first update. Adam's first step moves every weight by about the learning rate,
    // whatever the size of its gradient, so that what is nearly 0 may move either way: 6e-4 after one update, 1e-2
    // after two. One update is enough to show a change of networks, losses, gradients or optimisers.
    private static readonly double[] RelativeTolerance = [1e-5, 2e-3];

    [TestMethod]
    public void First_losses_of_the_default_method_are_those_on_record()
    {
        AssertLosses(
            TinyRun.Recipe(steps: 2, pretraining: 2),
            """
            RegressorPretraining.1.regressor_prior 0.16725747287273407
            RegressorPretraining.2.regressor_prior 0.13745133578777313
            Training.1.reconstruction 1
            Training.1.adversarial 1.2458850145339966
            Training.1.equivariance 0.25811904668807983
            Training.1.discriminator 0.6199474930763245
            Training.1.regressor_prior 0.16085883975028992
            Training.1.regressor_images 1.0059494972229004
            Training.2.reconstruction 2.282884359359741
            Training.2.adversarial 1.116455316543579
            Training.2.equivariance 0.2565930485725403
            Training.2.discriminator 0.5657280087471008
            Training.2.regressor_prior 0.15177007019519806
            Training.2.regressor_images 0.9944695234298706
            """);
    }

    [TestMethod]
    public void First_losses_of_the_supervised_baseline_are_those_on_record()
    {
        AssertLosses(
            TinyRun.Recipe(steps: 2) with { Method = TrainingMethod.Supervised },
            """
            Training.1.coordinates 0.12219405919313431
            Training.2.coordinates 0.1525941640138626
            """);
    }

    private static void AssertLosses(Recipe recipe, string golden)
    {
        using var folder = new TemporaryFolder();
        using RunFolder run = RunFolder.Create(folder["run"], recipe);
        using var record = new Record();
        new Trainer(run, TinyRun.Puppets, record).Train();
        string[] expected = golden.Split('\n');
        Assert.AreEqual(expected.Length, record.Lines.Count, $"lines; found:\n{string.Join('\n', record.Lines)}");
        for (int i = 0; i < expected.Length; i++)
        {
            string[] wanted = expected[i].Split(' ');
            string[] found = record.Lines[i].Split(' ');
            Assert.AreEqual(wanted[0], found[0], $"line {i}; found:\n{string.Join('\n', record.Lines)}");
            double value = double.Parse(wanted[1], CultureInfo.InvariantCulture);
            Assert.AreEqual(value,
                double.Parse(found[1], CultureInfo.InvariantCulture),
                    RelativeTolerance[int.Parse(wanted[0].Split('.')[1], CultureInfo.InvariantCulture) - 1] * Math.Abs(value),
                    $"{wanted[0]}; found:\n{string.Join('\n', record.Lines)}");
        }
    }

    private sealed class Record : ITrainingProgress
    {
        private TrainingPhase phase;

        public List<string> Lines { get; } = [];

        public void Begin(TrainingPhase now, long done, long total) => phase = now;

        public void Report(in ProgressUpdate update)
        {
            foreach ((string name, double value) in update.Losses)
                Lines.Add(string.Create(CultureInfo.InvariantCulture, $"{phase}.{update.Step}.{name} {value:R}"));
        }

        public void Note(string message)
        {
        }

        public void Dispose()
        {
        }
    }
}
