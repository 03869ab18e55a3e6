using KeypointMl.Data.Priors;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Batches;

/// <summary>Draws prior poses p̄ as tensors, augmented as the recipe's <c>prior</c> says: a function of (seed, stream, step).</summary>
/// <param name="prior">The unpaired poses, K keypoints each.</param>
/// <param name="recipe">Its <c>size</c>, <c>seed</c> and <c>prior</c> are followed.</param>
/// <param name="device">Where the tensors are.</param>
public sealed class PriorPoseBatches(PosePrior prior, Recipe recipe, Device device)
{
    private readonly Dictionary<ulong, PriorSampler> samplers = [];

    /// <summary>Draws poses.</summary>
    /// <param name="count">N.</param>
    /// <param name="stream">Which stream of random numbers; 0 to 99 are for methods of other assemblies.</param>
    /// <param name="step">0-based; the same step gives the same poses.</param>
    /// <returns>[N,K,2] float32 in [−1,1], x and y of the square image, on the device; of the current dispose scope.</returns>
    public Tensor Draw(int count, ulong stream, long step)
    {
        if (!samplers.TryGetValue(stream, out PriorSampler? sampler))
        {
            samplers[stream] = sampler = new PriorSampler(
                prior, recipe.Size, recipe.Size, Augmentation(recipe.Prior), recipe.Seed * 1_000_003 + stream);
        }
        var poses = new float[count * prior.Skeleton.Count * 2];
        sampler.Fill(step, poses);
        return tensor(poses, [count, prior.Skeleton.Count, 2], device: DeviceTensors.Cpu).OnDevice(device);
    }

    private static PoseAugmentation Augmentation(PriorRecipe recipe) => new()
    {
        RotationDegrees = (float)recipe.RotationDegrees,
        Scale = (float)recipe.Scale,
        ShiftFraction = (float)recipe.Shift,
        FlipProbability = recipe.Flip ? 0.5f : 0,
        JointJitter = (float)recipe.JointJitter,
    };
}
