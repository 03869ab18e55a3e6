using KeypointMl.Training.Optimisation;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace KeypointMl.Training.Tests;

/// <summary>Our Adam over one tensor is TorchSharp's over many.</summary>
[TestClass]
public sealed class NetworkOptimizerTests
{
    [TestMethod]
    [DataRow(0.5)]
    [DataRow(null)]
    public void Steps_are_those_of_Adam_with_clipping(double? clip)
    {
        using var scope = NewDisposeScope();
        using nn.Module<Tensor, Tensor> ours = Network();
        using nn.Module<Tensor, Tensor> theirs = Network();
        using var optimizer = new NetworkOptimizer(ours, new LearningRateSchedule(0.01, 10, 0.5), (0.5, 0.999), clip);
        using Adam adam = optim.Adam(theirs.parameters(), 0.01, 0.5, 0.999);
        Tensor input = rand(8, 5), target = rand(8, 3);
        for (int step = 0; step < 8; step++)
        {
            optimizer.Minimize(nn.functional.mse_loss(ours.call(input), target), step, "ours");

            adam.zero_grad();
            nn.functional.mse_loss(theirs.call(input), target).backward();
            if (clip is { } limit)
                nn.utils.clip_grad_norm_(theirs.parameters(), limit);
            foreach (optim.ILearningRateController group in adam.ParamGroups)
                group.LearningRate = new LearningRateSchedule(0.01, 10, 0.5).At(step);
            adam.step();
        }
        // 32-bit floats; what differs is the order in which the norm is summed.
        foreach ((Parameter mine, Parameter other) in ours.parameters().Zip(theirs.parameters()))
            Assert.IsLessThan(1e-6f, (mine - other).abs().max().item<float>());
        Assert.AreEqual(8, optimizer.Steps);
    }

    private static nn.Module<Tensor, Tensor> Network()
    {
        random.manual_seed(2);
        return nn.Sequential(nn.Linear(5, 7), nn.Tanh(), nn.Linear(7, 3));
    }
}
