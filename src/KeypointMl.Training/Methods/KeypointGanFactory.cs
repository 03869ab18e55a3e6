using KeypointMl.Poses.Rendering;
using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Losses;
using KeypointMl.Training.Losses.Perceptual;
using KeypointMl.Training.Networks;
using KeypointMl.Training.Optimisation;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Methods;

/// <summary>Builds the networks and their optimisers from a recipe.</summary>
internal static class KeypointGanFactory
{
    public static KeypointGanNetworks Networks(Recipe recipe, Skeleton skeleton)
    {
        random.manual_seed((long)recipe.Seed);
        NetworkRecipe networks = recipe.Networks;
        return new KeypointGanNetworks(
            NetworkKinds.Encoder(recipe, skeleton),
            new KeypointRegressor(skeleton.Count, networks.RegressorWidth),
            new SkeletonRenderer(skeleton, recipe.Size, recipe.Size, FallOffOf(recipe.Renderer), recipe.Renderer.Mode == RenderMode.Points),
            NetworkKinds.Generator(recipe, skeleton),
            Discriminator(1))
        {
            ImageD = recipe.Ablation.SecondCycle ? Discriminator(3) : null,
        };

        PoseDiscriminator Discriminator(int channels) =>
            new(networks.Discriminator.Width, networks.Discriminator.Layers, networks.Discriminator.Scales, channels);
    }

    public static KeypointGanOptimizers Optimizers(Recipe recipe, KeypointGanNetworks networks, DivergenceWatch? watch = null)
    {
        OptimisationRecipe training = recipe.Training;
        return new KeypointGanOptimizers(
            Optimizer(networks.Phi, training.LearningRate),
            Optimizer(networks.Psi, training.GeneratorLearningRate ?? training.LearningRate),
            Optimizer(networks.D, training.DiscriminatorLearningRate),
            Optimizer(networks.Eta, training.RegressorLearningRate))
        {
            ImageD = networks.ImageD is null ? null : Optimizer(networks.ImageD, training.DiscriminatorLearningRate),
        };

        NetworkOptimizer Optimizer(nn.Module network, double rate) => new(
            network, new LearningRateSchedule(rate, training.Steps, training.DecayFrom),
            (training.Betas.First, training.Betas.Second), training.GradientClip, watch ?? DivergenceWatch.Immediate);
    }

    public static ReconstructionLoss ReconstructionLoss(LossRecipe losses, Device? device = null) => losses.ReconstructionKind switch
    {
        ReconstructionKind.PyramidL1 => new(new AveragePoolPyramid(4), FeatureDistance.L1, losses.RunningMean),
        ReconstructionKind.PyramidL2 => new(new AveragePoolPyramid(4), FeatureDistance.SquaredL2, losses.RunningMean),
        _ => PerceptualLoss(losses, device),
    };

    private static ReconstructionLoss PerceptualLoss(LossRecipe losses, Device? device)
    {
        PerceptualRecipe recipe = losses.Perceptual;
        IFeatureExtractor features = recipe.NetworkOrDefault == PerceptualNetwork.Resnet18
            ? new ResNetFeatures(recipe.Weights, ResNetArchitecture.ResNet18, device)
            : new VggFeatures(recipe.Weights!, VggArchitecture.From(recipe.NetworkOrDefault), recipe.Relu, recipe.Input, device);
        var loss = new ReconstructionLoss(features, FeatureDistance.SquaredL2, losses.RunningMean);
        if (recipe.StartValues == RunningMeanStart.Imm)
            loss.RunningMeans = Training.Losses.ReconstructionLoss.ImmStart;
        return loss;
    }

    /// <summary>What Φ and Ψ minimise the sum of. The caller disposes all of them, the reconstruction included.</summary>
    public static IReadOnlyList<ILossTerm> Terms(
        Recipe recipe, Skeleton skeleton, KeypointGanNetworks networks, KeypointGanOptimizers optimizers, ReconstructionTerm reconstruction,
        Device device)
    {
        LossRecipe losses = recipe.Losses;
        return
        [
            reconstruction,
            new AdversarialTerm(networks.D, optimizers.D, NewPool(), losses.Adversarial, recipe.Seed),
            new EquivarianceTerm(losses.Equivariance),
            .. recipe.Ablation.SecondCycle
                ? [new SecondCycle(networks, optimizers, NewPool(), recipe.Seed, losses.SkeletonCycle, losses.ImageAdversarial)]
                : Array.Empty<ILossTerm>(),
            .. LossTerms.Further(recipe, skeleton, networks, device),
        ];

        ImagePool NewPool() => new(recipe.Training.ImagePool);
    }

    public static RegressorWeights Weights(LossRecipe losses) => new(losses.RegressorPrior, losses.RegressorImages);

    private static SkeletonFallOff FallOffOf(RendererRecipe renderer) =>
        renderer.FallOff == FallOff.Squared
        ? SkeletonFallOff.Squared(renderer.Gamma!.Value)
        : SkeletonFallOff.Linear(renderer.SigmaSquared!.Value);
}
