using KeypointMl.Data;
using KeypointMl.Training.Batches;
using KeypointMl.Training.Losses;
using KeypointMl.Training.Networks;
using KeypointMl.Training.Optimisation;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Methods;

/// <summary>L_perc of equation 4 as a term.</summary>
/// <param name="loss">Compares x̂ with x; disposed of with the term.</param>
/// <param name="weight">λ of equation 6 (the authors: 10).</param>
public sealed class ReconstructionTerm(ReconstructionLoss loss, double weight) : ILossTerm
{
    private const string RunningMeans = "reconstruction.running_means";

    /// <inheritdoc/>
    public LossTermValue? Compute(EncoderPass pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        return Of(pass.Reconstruction, pass.Image);
    }

    /// <summary>x̂ and x, [N,3,H,W] in [−1,1].</summary>
    internal LossTermValue Of(Tensor reconstruction, Tensor image)
    {
        Tensor value = loss.Compute(reconstruction, image);
        return new LossTermValue(weight * value, [("reconstruction", value.detach())]);
    }

    /// <inheritdoc/>
    public IEnumerable<(string Name, Tensor Value)> State =>
        loss.RunningMeans is { Count: > 0 } means ? [(RunningMeans, tensor([.. means], device: DeviceTensors.Cpu))] : [];

    /// <inheritdoc/>
    public void Restore(Func<string, Tensor?> find)
    {
        ArgumentNullException.ThrowIfNull(find);
        if (find(RunningMeans) is not { } means)
            return;
        if (means.dtype != ScalarType.Float32)
            throw new InvalidDataException($"Tensor '{RunningMeans}' is {means.dtype}; expected Float32.");
        loss.RunningMeans = DeviceReads.Singles(means);
    }

    /// <inheritdoc/>
    public void Dispose() => loss.Dispose();
}

/// <summary>L_disc of equation 5: D tells Φ's skeleton images, and those of its history, from the prior's.</summary>
/// <param name="d">D, trained after Φ and Ψ.</param>
/// <param name="optimizer">Its optimiser; the caller's.</param>
/// <param name="pool">Its history; disposed of with the term.</param>
/// <param name="weight">λ of equation 6 (the authors: 10).</param>
/// <param name="seed">Of the history's draws.</param>
public sealed class AdversarialTerm(PoseDiscriminator d, NetworkOptimizer optimizer, ImagePool pool, double weight, ulong seed) : ILossTerm
{
    /// <inheritdoc/>
    public LossTermValue? Compute(EncoderPass pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        KeypointGan.Freeze(d, true);
        Tensor value = LeastSquaresAdversarialLoss.Generator(d.call(pass.Skeletons));
        KeypointGan.Freeze(d, false);
        return new LossTermValue(weight * value, [("adversarial", value.detach())]);
    }

    /// <inheritdoc/>
    public IReadOnlyList<(string Name, Tensor Value)> Update(EncoderPass pass, long step)
    {
        ArgumentNullException.ThrowIfNull(pass);
        var random = new SeededRandom(seed, RandomStreams.ImagePool, (ulong)step);
        Tensor fake = pool.Query(pass.Skeletons.detach(), ref random);
        Tensor loss = LeastSquaresAdversarialLoss.Discriminator(d.call(pass.PriorSkeletons), d.call(fake));
        optimizer.Minimize(loss, step, "D");
        return [("discriminator", loss.detach())];
    }

    /// <inheritdoc/>
    public IEnumerable<(string Name, Tensor Value)> State => PoolState.Of("pool.images", pool);

    /// <inheritdoc/>
    public void Restore(Func<string, Tensor?> find) => PoolState.Restore("pool.images", pool, find, d);

    /// <inheritdoc/>
    public void Dispose() => pool.Dispose();
}

/// <summary>The affine equivariance of η∘Φ as a term (<see cref="EquivarianceLoss"/>), where a batch has a second view.</summary>
/// <param name="weight">Its weight.</param>
public sealed class EquivarianceTerm(double weight) : ILossTerm
{
    /// <inheritdoc/>
    public LossTermValue? Compute(EncoderPass pass)
    {
        ArgumentNullException.ThrowIfNull(pass);
        return pass.SecondView is { } view ? Of(pass.Keypoints, view) : null;
    }

    /// <summary>p [N,K,2] of x, and the keypoints of the second view.</summary>
    internal LossTermValue Of(Tensor keypoints, ViewKeypoints view)
    {
        Tensor value = EquivarianceLoss.Compute(keypoints, view.FirstWarp, view.Keypoints, view.SecondWarp);
        return new LossTermValue(weight * value, [("equivariance", value.detach())]);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}

/// <summary>A discriminator's history in checkpoints.</summary>
internal static class PoolState
{
    public static IEnumerable<(string Name, Tensor Value)> Of(string name, ImagePool pool) =>
        pool.Images.Count > 0 ? [(name, stack(pool.Images))] : [];

    public static void Restore(string name, ImagePool pool, Func<string, Tensor?> find, PoseDiscriminator d)
    {
        if (find(name) is not { } images)
            return;
        Device device = d.parameters().First().device;
        pool.Images = [.. images.unbind(0).Select(image => image.clone().OnDevice(device))];
    }
}
