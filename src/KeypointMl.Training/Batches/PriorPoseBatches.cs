using KeypointMl.Data.Priors;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Batches;

/// <summary>Draws augmented prior poses p̄ as tensors of a device, a function of (seed, stream, step).</summary>
public sealed class PriorPoseBatches(PosePrior prior, Recipe recipe, Device device)
{
    private readonly Dictionary<ulong, PriorSampler> samplers = [];

    /// <summary>[count,K,2] float32 in [−1,1].</summary>
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
