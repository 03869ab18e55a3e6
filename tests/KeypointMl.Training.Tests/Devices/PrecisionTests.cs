using KeypointMl.Training.Methods;
using KeypointMl.Training.Networks;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Running;
using KeypointMl.Training.Runs;
using static TorchSharp.torch;

namespace KeypointMl.Training.Tests;

/// <summary><c>training.precision: bf16</c>, on the CPU.</summary>
[TestClass]
public sealed class PrecisionTests
{
    [TestMethod]
    [DynamicData(nameof(MethodSteps.Recipes), typeof(MethodSteps))]
    public void Step_of_every_method_in_bf16_keeps_weights_and_losses_in_32_bits(string name, Recipe recipe)
    {
        using var steps = new MethodSteps(recipe with { Training = recipe.Training with { Precision = TrainingPrecision.Bf16 } });
        foreach (ITrainingPhase phase in steps.Phases)
        {
            for (int step = 0; step < 2; step++)
            {
                steps.Step(phase, step, losses =>
                {
                    foreach ((string loss, Tensor value) in losses)
                    {
                        Assert.AreEqual(ScalarType.Float32, value.dtype, $"{name}: {loss}");
                        Assert.IsTrue(float.IsFinite(value.item<float>()), $"{name}: {loss}");
                    }
                });
            }
        }
        Assert.IsTrue(steps.Model.All.SelectMany(network => network.Module.parameters())
            .All(weight => weight.dtype == ScalarType.Float32 && weight.isfinite().all().item<bool>()), name);
    }

    [TestMethod]
    public void Convolution_in_bf16_rounds_what_it_computes_with_and_nothing_else()
    {
        using var scope = NewDisposeScope();
        random.manual_seed(3);
        using var convolution = new Convolution(3, 16, 3, padding: 1) { Precision = ScalarType.BFloat16 };
        using var last = new Convolution(16, 2, 1, isLast: true) { Precision = ScalarType.BFloat16 };
        Tensor x = randn(2, 3, 8, 8);
        Tensor inner = convolution.call(x);
        Tensor y = last.call(inner);
        y.square().sum().backward();
        Assert.AreEqual(ScalarType.BFloat16, inner.dtype);
        Assert.AreEqual(ScalarType.Float32, y.dtype);
        Assert.AreEqual(ScalarType.Float32, convolution.Weight.grad!.dtype);
        (convolution.Precision, last.Precision) = (ScalarType.Float32, ScalarType.Float32);
        Tensor exact = last.call(convolution.call(x));
        Assert.IsTrue(y.allclose(exact, rtol: 0, atol: 0.03 * exact.abs().max().item<float>())); // 8 bits, a few sums
        Assert.IsFalse(y.Equals(exact));
    }

    [TestMethod]
    public void Train_in_bf16_learns_and_evaluates_in_32_bits()
    {
        Recipe recipe = TinyRun.Recipe(steps: 40) with { Method = TrainingMethod.Supervised };
        recipe = recipe with { Training = recipe.Training with { Precision = TrainingPrecision.Bf16 } };
        using var folder = new TemporaryFolder();
        using RunFolder run = RunFolder.Create(folder["run"], recipe);
        TrainingResult result = TinyRun.Train(run);
        IReadOnlyList<TrainingLogEntry> log = TrainingLog.Read(run.LogPath);
        Assert.IsTrue(log[^1].Losses["coordinates"] < 0.8 * log[0].Losses["coordinates"],
            $"{log[0].Losses["coordinates"]} → {log[^1].Losses["coordinates"]}");
        Assert.IsTrue(double.IsFinite(result.Metrics!.ErrorPercentOfImage));
    }
}
