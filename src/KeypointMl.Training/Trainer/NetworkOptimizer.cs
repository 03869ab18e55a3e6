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

    /// <param name="network">Its parameters are optimised.</param>
    /// <param name="schedule">The learning rate over the steps.</param>
    /// <param name="betas">Adam's (β₁, β₂); the authors: (0.5, 0.999).</param>
    /// <param name="clip">Largest gradient norm of the network, or null for any; the authors: 1.0.</param>
    public NetworkOptimizer(nn.Module network, LearningRateSchedule schedule, (double First, double Second) betas, double? clip)
    {
        parameters = [.. network.named_parameters().Select(pair => (pair.name, pair.parameter))];
        adam = optim.Adam(parameters.Select(pair => pair.Value), schedule.Base, betas.First, betas.Second);
        this.schedule = schedule;
        this.clip = clip;
    }

    /// <summary>Adam's moments by parameter name, and its step count: part of a checkpoint. The tensors are live.</summary>
    public IEnumerable<(string Name, Adam.State State)> States =>
        adam.state_dict().State.Cast<Adam.State>().Zip(parameters, (state, parameter) => (parameter.Name, state));

    /// <summary>Back-propagates <paramref name="loss"/> and makes one step, together with other networks that share the loss.</summary>
    /// <exception cref="TrainingDivergedException">The loss or a gradient norm is not finite; nothing was updated.</exception>
    public void Minimize(Tensor loss, long step, string what, params ReadOnlySpan<NetworkOptimizer> together)
    {
        double value = loss.item<float>();
        if (!double.IsFinite(value))
            throw new TrainingDivergedException(step, $"the loss of {what} is {value}");
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
        double norm = nn.utils.clip_grad_norm_(parameters.Select(pair => pair.Value), clip ?? double.MaxValue);
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
