using KeypointMl.Poses.Skeletons;
using KeypointMl.Training.Networks;
using KeypointMl.Training.Numerics;
using KeypointMl.Training.Recipes;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Methods;

/// <summary>The networks that a recipe's <c>networks.encoder</c> and <c>networks.generator</c> can name: those that are registered.</summary>
public static class NetworkKinds
{
    private static readonly RegisteredKinds<NetworkContext, Module<Tensor, Tensor>> Encoders =
        new("network", $"{nameof(NetworkKinds)}.{nameof(RegisterEncoder)}");

    private static readonly RegisteredKinds<NetworkContext, Module<Tensor, Tensor, Tensor>> Generators =
        new("network", $"{nameof(NetworkKinds)}.{nameof(RegisterGenerator)}");

    /// <summary>
    /// Lets recipes name a Φ: an image x [N,3,H,W] in [−1,1] → a skeleton image y [N,1,H,W], trained towards [−1,1]. Register it before
    /// the first run that names it is trained, resumed, or opened.
    /// </summary>
    /// <param name="name">The value of <c>networks.encoder</c>, such as <c>mobile</c>.</param>
    /// <param name="create">
    /// Makes it, the same each time: it is trained, averaged and exported. Its convolutions are <see cref="Convolution"/>s, which are
    /// computed as was checked on this processor; what else it is made of, the exporter must know.
    /// </param>
    /// <exception cref="ArgumentException">The name is empty, or a network has it already.</exception>
    public static void RegisterEncoder(string name, Func<NetworkContext, Module<Tensor, Tensor>> create) =>
        Encoders.Register(name, create);

    /// <summary>
    /// Lets recipes name a Ψ: a skeleton image y* [N,1,H,W] and an image x′ [N,3,H,W], both in [−1,1] → an image x̂ [N,3,H,W], trained
    /// towards [−1,1].
    /// </summary>
    /// <param name="name">The value of <c>networks.generator</c>.</param>
    /// <param name="create">As of an encoder.</param>
    /// <exception cref="ArgumentException">The name is empty, or a network has it already.</exception>
    public static void RegisterGenerator(string name, Func<NetworkContext, Module<Tensor, Tensor, Tensor>> create) =>
        Generators.Register(name, create);

    /// <summary>The Φ that a recipe asks for.</summary>
    /// <exception cref="RecipeException">
    /// It is not registered, has other convolutions than those that are checked, or makes another shape than y or x̂.
    /// </exception>
    internal static Module<Tensor, Tensor> Encoder(Recipe recipe, Skeleton skeleton) => recipe.Networks.Encoder is { } name
        ? Create(Encoders, recipe, "networks.encoder", name, skeleton, (network, size) => network.call(Image(3, size)), outputs: 1)
        : new PoseEncoder(recipe.Networks.Width);

    /// <summary>The Ψ that a recipe asks for.</summary>
    /// <inheritdoc cref="Encoder" path="/exception"/>
    internal static Module<Tensor, Tensor, Tensor> Generator(Recipe recipe, Skeleton skeleton) => recipe.Networks.Generator is { } name
        ? Create(Generators, recipe, "networks.generator", name, skeleton,
            (network, size) => network.call(Image(1, size), Image(3, size)), outputs: 3)
        : new ConditionalGenerator(recipe.Networks.GeneratorWidth, recipe.Networks.StylePooling, recipe.Ablation.Condition);

    private static T Create<T>(
        RegisteredKinds<NetworkContext, T> kinds, Recipe recipe, string key, string name, Skeleton skeleton,
        Func<T, int, Tensor> call, long outputs)
        where T : Module
    {
        T network = kinds.Find(recipe, key, name)(new NetworkContext(recipe, skeleton));
        if (Fault(network, recipe.Size, call, outputs) is not { } fault)
            return network;
        network.Dispose();
        throw new RecipeException(recipe.Name, [new RecipeProblem("recipe", key, $"is '{name}', {fault}")]);
    }

    /// <summary>What is wrong with a network, or null: told before training by the recipe's key, not by libtorch within a loss.</summary>
    private static string? Fault<T>(T network, int size, Func<T, int, Tensor> call, long outputs)
        where T : Module
    {
        if (network.modules().OfType<TorchSharp.Modules.Convolution>().FirstOrDefault() is { } other)
        {
            return $"which contains a {other.GetName()}: libtorch computes some of them wrongly on some processors. "
                + $"Take {nameof(Convolution)} of KeypointMl.Training.Networks, which is checked, with an upsampling where it is transposed.";
        }
        string expected = $"[1,{outputs},{size},{size}]";
        network.eval(); // statistics of batches stay as they are
        try
        {
            using var scope = NewDisposeScope();
            using var rehearsal = new ConvolutionRehearsal(); // shapes alone: nothing is computed that was not checked
            using var _ = no_grad();
            string found = $"[{string.Join(',', call(network, size).shape)}]";
            return found == expected
                ? null
                : $"which makes {found} of images of {size}×{size}; expected {expected}. Change the layers that its registration creates.";
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return $"which cannot make {expected} of images of {size}×{size}: {exception.Message}";
        }
        finally
        {
            network.train();
        }
    }

    private static Tensor Image(long channels, int size) => zeros(1, channels, size, size, device: DeviceTensors.Cpu);
}

/// <summary>What a network that is registered is made for.</summary>
/// <param name="Recipe">The run's recipe; its <c>networks</c> say how wide, its size how large the images are.</param>
/// <param name="Skeleton">Names the K keypoints.</param>
public sealed record NetworkContext(Recipe Recipe, Skeleton Skeleton);
