using KeypointMl.Training.Batches;
using KeypointMl.Training.Export;
using KeypointMl.Training.Losses;
using KeypointMl.Training.Methods;
using KeypointMl.Training.Networks;
using KeypointMl.Training.Optimisation;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Runs;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Tests;

/// <summary>The rows of the paper's table 4, and the one that it says fails.</summary>
[TestClass]
public sealed class AblationTests
{
    private const int Count = 4;

    private static IEnumerable<object[]> Rows() =>
    [
        ["CycleGAN", new AblationRecipe { Condition = false, Bottleneck = false, SecondCycle = true }],
        ["+ conditional generator", new AblationRecipe { Bottleneck = false, SecondCycle = true }],
        ["+ skeleton bottleneck", new AblationRecipe { SecondCycle = true }],
        ["− second cycle = KeypointGAN", new AblationRecipe()],
        ["CycleGAN − second cycle", new AblationRecipe { Condition = false, Bottleneck = false }],
        ["bottleneck without condition", new AblationRecipe { Condition = false }],
    ];

    [TestMethod]
    [DynamicData(nameof(Rows))]
    public void Step_of_each_row_computes_its_losses_by_their_formulas(string name, AblationRecipe ablation)
    {
        using var scope = NewDisposeScope();
        Recipe recipe = TinyRun.Recipe() with { Ablation = ablation };
        KeypointGanNetworks networks = KeypointGanFactory.Networks(recipe, TinyRun.Puppets.Skeleton);
        using KeypointGanOptimizers optimizers = KeypointGanFactory.Optimizers(recipe, networks);
        using ReconstructionLoss reconstruction = KeypointGanFactory.ReconstructionLoss(recipe.Losses);
        using var term = new ReconstructionTerm(reconstruction, recipe.Losses.Reconstruction);
        IReadOnlyList<ILossTerm> terms = KeypointGanFactory.Terms(recipe, TinyRun.Puppets.Skeleton, networks, optimizers, term, CPU);
        var gan = new KeypointGan(networks, optimizers, terms, KeypointGanFactory.Weights(recipe.Losses), ablation.Bottleneck);
        random.manual_seed(8);
        Tensor image = rand(Count, 3, 32, 32) * 2 - 1;
        Tensor style = rand(Count, 3, 32, 32) * 2 - 1;
        Tensor poses = rand(Count, TinyRun.Puppets.Skeleton.Count, 2) - 0.5;
        Expected expected = Transcribe(networks, image, style, poses, ablation);

        Dictionary<string, Tensor> losses =
            gan.Step(new TrainingBatch(image, style, poses, null), 0).ToDictionary(loss => loss.Name, loss => loss.Value);

        // the first value, before it is divided by itself
        Assert.AreEqual(expected.Reconstruction, reconstruction.RunningMeans[0], 1e-5 * expected.Reconstruction, name);
        Assert.AreEqual(expected.Adversarial, losses["adversarial"].item<float>(), 1e-5, name);
        AssertClose(expected.SkeletonCycle, losses.GetValueOrDefault("skeleton_cycle")?.item<float>());
        AssertClose(expected.ImageAdversarial, losses.GetValueOrDefault("image_adversarial")?.item<float>());
        Assert.AreEqual(ablation.SecondCycle, networks.ImageD is not null, name);
        networks.Dispose();

        void AssertClose(double? wanted, double? found)
        {
            Assert.AreEqual(wanted is null, found is null, name);
            Assert.AreEqual(wanted ?? 0, found ?? 0, 1e-5, name);
        }
    }

    [TestMethod]
    public void Step_with_the_second_cycle_updates_the_image_discriminator()
    {
        using var scope = NewDisposeScope();
        Recipe recipe = TinyRun.Recipe() with { Ablation = new AblationRecipe { SecondCycle = true } };
        KeypointGanNetworks networks = KeypointGanFactory.Networks(recipe, TinyRun.Puppets.Skeleton);
        using KeypointGanOptimizers optimizers = KeypointGanFactory.Optimizers(recipe, networks);
        using var reconstruction = new ReconstructionTerm(KeypointGanFactory.ReconstructionLoss(recipe.Losses), 10);
        using var adversarial = new AdversarialTerm(networks.D, optimizers.D, new ImagePool(0), 10, seed: 1);
        using var second = new SecondCycle(networks, optimizers, new ImagePool(0), seed: 1);
        var gan = new KeypointGan(networks, optimizers, [reconstruction, adversarial, second]);
        float[] before = Weights();
        random.manual_seed(8);
        Tensor image = rand(Count, 3, 32, 32);
        IReadOnlyList<(string Name, Tensor Value)> losses = gan.Step(new TrainingBatch(image, image, rand(Count, TinyRun.Puppets.Skeleton.Count, 2), null), 0);
        CollectionAssert.AreNotEqual(before, Weights());
        Assert.IsTrue(losses.Single(loss => loss.Name == "image_discriminator").Value.item<float>() > 0);
        Assert.IsTrue(networks.ImageD!.parameters().Concat(networks.D.parameters()).Concat(networks.Eta.parameters())
            .All(parameter => parameter.requires_grad), "what was frozen is thawed");
        networks.Dispose();

        float[] Weights() => [.. networks.ImageD!.parameters().SelectMany(parameter => parameter.data<float>().ToArray())];
    }

    [TestMethod]
    public void Generator_without_condition_does_not_look_at_the_appearance()
    {
        using var psi = new ConditionalGenerator(4, conditional: false);
        psi.eval();
        using Tensor y = rand(1, 1, 32, 32);
        using Tensor one = psi.call(y, zeros(1, 3, 32, 32));
        using Tensor other = psi.call(y, ones(1, 3, 32, 32));
        Assert.IsTrue(one.equal(other).all().item<bool>());
        CollectionAssert.AreEqual(new long[] { 1, 3, 32, 32 }, one.shape);
    }

    [TestMethod]
    public void Train_CycleGAN_is_logged_evaluated_and_not_exported_as_a_generator()
    {
        using var folder = new TemporaryFolder();
        Recipe recipe = TinyRun.Recipe(steps: 2, pretraining: 1) with
        {
            Ablation = new AblationRecipe { Condition = false, Bottleneck = false, SecondCycle = true },
        };
        using RunFolder run = RunFolder.Create(folder["run"], recipe);
        Assert.IsNotNull(TinyRun.Train(run).Metrics);
        TrainingLogEntry last = TrainingLog.Read(run.LogPath)[^1];
        foreach (string loss in new[] { "skeleton_cycle", "image_adversarial", "image_discriminator" })
            Assert.IsTrue(last.Losses.ContainsKey(loss), loss);
        using ModelExporter exporter = ModelExporter.Open(run);
        using KeypointMl.Data.Frames.IFrameSet frames = TinyRun.Puppets.OpenTrainingFrames();
        exporter.ExportDetector(folder["detector.onnx"], new ExportFrames(frames, "test frames"));
        Assert.Contains("ablation.condition: false",
            Assert.ThrowsExactly<InvalidOperationException>(
                () => exporter.ExportGenerator(folder["generator.onnx"], new ExportFrames(frames, "test frames"))).Message);
    }

    private readonly record struct Expected(double Reconstruction, double Adversarial, double? SkeletonCycle, double? ImageAdversarial);

    /// <summary>The first step's losses as section 4 and CycleGAN define them, of networks that have not been updated.</summary>
    private static Expected Transcribe(KeypointGanNetworks networks, Tensor image, Tensor style, Tensor poses, AblationRecipe ablation)
    {
        using var _ = no_grad();
        (var phi, var eta, var beta, var psi, var d) = networks;
        Tensor y = phi.call(image);
        Tensor seen = ablation.Bottleneck ? beta.call(eta.call(y).Keypoints) : y;
        double reconstruction = functional.mse_loss(psi.call(seen, style), image).item<float>();
        double adversarial = ToOne(d.call(y));
        if (!ablation.SecondCycle)
            return new Expected(reconstruction, adversarial, null, null);
        Tensor prior = beta.call(poses);
        Tensor generated = psi.call(prior, style);
        return new Expected(reconstruction, adversarial, (phi.call(generated) - prior).abs().mean().item<float>(),
            ToOne(networks.ImageD!.call(generated)));

        static double ToOne(IReadOnlyList<Tensor> scores) => scores.Average(map => (map - 1).square().mean().item<float>());
    }
}
