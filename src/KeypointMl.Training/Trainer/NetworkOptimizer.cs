using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointMl.Training;

/// <summary>Adam on one network with gradient-norm clipping and a learning rate that is constant and then falls linearly to zero.</summary>
public sealed class NetworkOptimizer : IDisposable
{
    private readonly Adam adam;
    private readonly (string Name, Parameter Value)[] parameters;
    private readonly LearningRateSchedule schedule;
    private readonly double? clip;
    private readonly DivergenceWatch watch;

    /// <param name="network">Its parameters are optimised.</param>
    /// <param name="schedule">The learning rate over the steps.</param>
    /// <param name="betas">Adam's (β₁, β₂); the authors: (0.5, 0.999).</param>
    /// <param name="clip">Largest gradient norm of the network, or null for any; the authors: 1.0.</param>
    public NetworkOptimizer(nn.Module network, LearningRateSchedule schedule, (double First, double Second) betas, double? clip)
        : this(network, schedule, betas, clip, DivergenceWatch.Immediate)
    {
    }

    /// <summary>As the other; <paramref name="watch"/> may put off looking at losses and gradients.</summary>
    internal NetworkOptimizer(nn.Module network, LearningRateSchedule schedule, (double First, double Second) betas, double? clip, DivergenceWatch watch)
    {
        parameters = [.. network.named_parameters().Select(pair => (pair.name, pair.parameter))];
        adam = optim.Adam(parameters.Select(pair => pair.Value), schedule.Base, betas.First, betas.Second);
        this.schedule = schedule;
        this.clip = clip;
        this.watch = watch;
    }

    /// <summary>Adam's moments by parameter name, and its step count: part of a checkpoint. The tensors are live.</summary>
    public IEnumerable<(string Name, Adam.State State)> States =>
        adam.state_dict().State.Cast<Adam.State>().Zip(parameters, (state, parameter) => (parameter.Name, state));

    /// <summary>Back-propagates <paramref name="loss"/> and makes one step, together with other networks that share the loss.</summary>
    /// <exception cref="TrainingDivergedException">
    /// The loss or a gradient norm is not finite; nothing was updated. A run on a GPU finds it up to ten steps later, and keeps nothing of what was computed in between.
    /// </exception>
    public void Minimize(Tensor loss, long step, string what, params ReadOnlySpan<NetworkOptimizer> together)
    {
        watch.Check(loss, step, $"the loss of {what}");
        adam.zero_grad();
        foreach (NetworkOptimizer other in together)
            other.adam.zero_grad();
        loss.backward();
        Clip(step, what);
        foreach (NetworkOptimizer other in together)
            other.Clip(step, what);
        Apply(step);
        foreach (NetworkOptimizer other in together)
            other.Apply(step);
    }

    /// <inheritdoc/>
    public void Dispose() => adam.Dispose();

    private void Clip(long step, string what)
    {
        // libtorch's own takes no largest norm that is not a float's.
        if (watch.IsDeferred || clip is null)
        {
            watch.Check(GradientNorm.Clip(parameters.Select(pair => pair.Value.grad).OfType<Tensor>(), clip), step, $"the gradient norm of {what}");
            return;
        }
        double norm = nn.utils.clip_grad_norm_(parameters.Select(pair => pair.Value), clip.Value);
        if (!double.IsFinite(norm))
            throw new TrainingDivergedException(step, $"the gradient norm of {what} is {norm}");
    }

    private void Apply(long step)
    {
        foreach (optim.ILearningRateController group in adam.ParamGroups)
            group.LearningRate = schedule.At(step);
        adam.step();
    }
}
