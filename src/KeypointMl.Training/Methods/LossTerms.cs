using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Losses;
using KeypointMl.Training.Recipes;
using static TorchSharp.torch;

namespace KeypointMl.Training.Methods;

/// <summary>The terms that a recipe's <c>losses.further</c> can name: those that are registered.</summary>
public static class LossTerms
{
    private static readonly RegisteredKinds<LossTermContext, ILossTerm> Kinds = new("loss", $"{nameof(LossTerms)}.{nameof(Register)}");

    /// <summary>Lets recipes name a term. Register it before the first run that does is trained or resumed.</summary>
    /// <param name="name">Its key under <c>losses.further</c>, such as <c>bone_length</c>.</param>
    /// <param name="create">Makes it for a run.</param>
    /// <exception cref="ArgumentException">The name is empty, or a term has it already.</exception>
    public static void Register(string name, Func<LossTermContext, ILossTerm> create) => Kinds.Register(name, create);

    /// <summary>The terms of a recipe's <c>losses.further</c>, of those with a weight.</summary>
    /// <exception cref="RecipeException">One of the names is not registered.</exception>
    internal static IEnumerable<ILossTerm> Further(Recipe recipe, Skeleton skeleton, KeypointGanNetworks networks, Device device)
    {
        foreach ((string name, double weight) in recipe.Losses.Further.Where(pair => pair.Value > 0))
            yield return Find(recipe, name)(new LossTermContext(weight, skeleton, networks, device));
    }

    /// <summary>Checks that the names of a recipe's <c>losses.further</c> are registered.</summary>
    /// <exception cref="RecipeException">One is not; the message lists those that are.</exception>
    internal static void Check(Recipe recipe)
    {
        foreach (string name in recipe.Losses.Further.Keys)
            Find(recipe, name);
    }

    private static Func<LossTermContext, ILossTerm> Find(Recipe recipe, string name) =>
        Kinds.Find(recipe, $"losses.further.{name}", name);
}

/// <summary>What a term of <c>losses.further</c> is made of.</summary>
/// <param name="Weight">Its weight in the recipe, above 0.</param>
/// <param name="Skeleton">Names the K keypoints.</param>
/// <param name="Networks">The run's networks, being trained.</param>
/// <param name="Device">Where the run trains.</param>
public sealed record LossTermContext(double Weight, Skeleton Skeleton, KeypointGanNetworks Networks, Device Device);
