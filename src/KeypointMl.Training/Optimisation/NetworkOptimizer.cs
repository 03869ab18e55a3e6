using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Tensors;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointMl.Training.Optimisation;

/// <summary>
/// Adam (Kingma and Ba 2015) on one network with gradient-norm clipping and a learning rate that is constant and then
/// falls linearly to zero. Gradients and moments of all parameters lie in one tensor each, so that a step is a few
/// operations and not some for every parameter.
/// </summary>
public sealed class NetworkOptimizer : IDisposable
{
    private const double Epsilon = 1e-8;

    private readonly Parameter[] parameters;
    private readonly LearningRateSchedule schedule;
    private readonly (double First, double Second) betas;
    private readonly double? clip;
    private readonly DivergenceWatch watch;
    private readonly Tensor first;          // [P]: the gradients' running mean
    private readonly Tensor second;         // [P]: that of their squares
    private readonly Tensor denominator;    // [P]
    private readonly Tensor[] denominators; // its parts in the parameters' shapes
    private Tensor? gradient;               // [P], between Clip and Apply

    /// <param name="network">Its parameters are optimised.</param>
    /// <param name="schedule">The learning rate over the steps.</param>
    /// <param name="betas">Adam's (β₁, β₂); the authors: (0.5, 0.999).</param>
    /// <param name="clip">Largest gradient norm of the network, or null for any; the authors: 1.0.</param>
    public NetworkOptimizer(nn.Module network, LearningRateSchedule schedule, (double First, double Second) betas, double? clip)
        : this(network, schedule, betas, clip, DivergenceWatch.Immediate)
    {
    }

    /// <summary>As the other; <paramref name="watch"/> may put off looking at losses and gradients.</summary>
    public NetworkOptimizer(
        nn.Module network,
        LearningRateSchedule schedule,
        (double First, double Second) betas,
        double? clip,
        DivergenceWatch watch)
    {
        (string Name, Parameter Value)[] named = [.. network.named_parameters().Select(pair => (pair.name, pair.parameter))];
        parameters = [.. named.Select(pair => pair.Value)];
        (this.schedule, this.betas, this.clip, this.watch) = (schedule, betas, clip, watch);
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        first = zeros(parameters.Sum(parameter => parameter.NumberOfElements), dtype: ScalarType.Float32,
            device: parameters[0].device).DetachFromDisposeScope();
        second = zeros_like(first).DetachFromDisposeScope();
        denominator = zeros_like(first).DetachFromDisposeScope();
        denominators = Parts(denominator);
        Moments = [.. named.Zip(Parts(first), Parts(second)).Select(part => new AdamMoments(part.First.Name, part.Second, part.Third))];
    }

    /// <summary>The optimiser of a network that is trained alone, by a recipe's <c>training</c>.</summary>
    public static NetworkOptimizer Of(nn.Module network, OptimisationRecipe training, DivergenceWatch watch) => new(
        network, new LearningRateSchedule(training.LearningRate, training.Steps, training.DecayFrom),
        (training.Betas.First, training.Betas.Second), training.GradientClip, watch);

    /// <summary>The moments by parameter, in the parameters' shapes: part of a checkpoint. The tensors are live.</summary>
    public IReadOnlyList<AdamMoments> Moments { get; }

    /// <summary>How many steps were made: part of a checkpoint.</summary>
    public long Steps { get; set; }

    /// <summary>Back-propagates <paramref name="loss"/> and makes one step, together with other networks that share the loss.</summary>
    /// <exception cref="TrainingDivergedException">
    /// The loss or a gradient norm is not finite; nothing was updated. A run on a GPU finds it up to ten steps later,
    /// and keeps nothing of what was computed in between.
    /// </exception>
    public void Minimize(Tensor loss, long step, string what, params ReadOnlySpan<NetworkOptimizer> together)
    {
        watch.Check(loss, step, $"the loss of {what}");
        ForgetGradients();
        foreach (NetworkOptimizer other in together)
            other.ForgetGradients();
        loss.backward();
        using var _ = no_grad();
        Clip(step, what);
        foreach (NetworkOptimizer other in together)
            other.Clip(step, what);
        Apply(step);
        foreach (NetworkOptimizer other in together)
            other.Apply(step);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor tensor in (IEnumerable<Tensor>)[first, second, denominator, .. denominators,
            .. Moments.SelectMany(moments => new[] { moments.Mean, moments.MeanSquare })])
            tensor.Dispose();
    }

    private void ForgetGradients()
    {
        foreach (Parameter parameter in parameters)
            parameter.grad = null;
    }

    private void Clip(long step, string what)
    {
        gradient = cat([.. parameters.Select(parameter => (parameter.grad ?? zeros_like(parameter)).reshape(-1))]);
        watch.Check(GradientNorm.Clip(gradient, clip), step, $"the gradient norm of {what}");
    }

    private void Apply(long step)
    {
        Steps++;
        first.mul_(betas.First).add_(gradient!, alpha: 1 - betas.First);
        second.mul_(betas.Second).addcmul_(gradient!, gradient!, 1 - betas.Second);
        denominator.copy_(second).sqrt_().div_(Math.Sqrt(1 - Math.Pow(betas.Second, Steps))).add_(Epsilon);
        double rate = -schedule.At(step) / (1 - Math.Pow(betas.First, Steps));
        for (int i = 0; i < parameters.Length; i++)
            parameters[i].addcdiv_(Moments[i].Mean, denominators[i], rate);
        gradient = null;
    }

    private Tensor[] Parts(Tensor flat)
    {
        var parts = new Tensor[parameters.Length];
        long offset = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            long count = parameters[i].NumberOfElements;
            parts[i] = flat.narrow(0, offset, count).view(parameters[i].shape).DetachFromDisposeScope();
            offset += count;
        }
        return parts;
    }
}

/// <summary>Adam's moments of one parameter, in its shape.</summary>
/// <param name="Parameter">Its name in the network.</param>
/// <param name="Mean">The running mean of its gradients.</param>
/// <param name="MeanSquare">The running mean of their squares.</param>
public sealed record AdamMoments(string Parameter, Tensor Mean, Tensor MeanSquare);

/// <summary>
/// PyTorch's <c>clip_grad_norm_</c> without its trip to the host: TorchSharp's reads the norm, for which a GPU must
/// finish all that it was asked.
/// </summary>
internal static class GradientNorm
{
    private const double Smallest = 1e-6;

    /// <summary>Scales gradients, in place, so that their norm is at most <paramref name="largest"/>.</summary>
    /// <param name="gradients">Of all parameters, in one tensor.</param>
    /// <param name="largest">The largest norm; null: any.</param>
    /// <returns>The norm before, a float32 scalar.</returns>
    public static Tensor Clip(Tensor gradients, double? largest)
    {
        Tensor norm = gradients.norm();
        if (largest is { } limit)
            gradients.mul_((limit / (norm + Smallest)).clamp_max(1));
        return norm;
    }
}

/// <summary>Constant, then linear to zero.</summary>
/// <param name="Base">The rate at the start.</param>
/// <param name="Steps">The number of steps of the run.</param>
/// <param name="DecayFrom">The fraction of the steps after which the rate falls; 1 never falls (the authors).</param>
public sealed record LearningRateSchedule(double Base, long Steps, double DecayFrom)
{
    /// <summary>The rate of 0-based <paramref name="step"/>.</summary>
    public double At(long step)
    {
        double start = DecayFrom * Steps;
        return step < start ? Base : Base * Math.Max(0, (Steps - step) / (Steps - start));
    }
}
