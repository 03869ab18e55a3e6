using System.Numerics;
using System.Runtime.InteropServices;
using KeypointMl.Poses.Geometry;
using KeypointMl.Poses.Metrics;
using KeypointMl.Training.Methods;
using KeypointMl.Training.Models;
using KeypointMl.Training.Networks;
using KeypointMl.Training.Recipes.Sections;
using KeypointMl.Training.Runs;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;

namespace KeypointMl.Training.Evaluation;

/// <summary>
/// The offline η of a run: as its pre-training left it, never fine-tuned. It reads β(p) for a predicted p, and so tells
/// left from right as the prior does (<see cref="FlipResolution"/>; the authors' evaluation).
/// </summary>
public sealed class OfflineRegressor : IDisposable
{
    private readonly SkeletonRenderer beta;
    private readonly KeypointRegressor eta;
    private readonly IDisposable? owner;

    internal OfflineRegressor(SkeletonRenderer beta, KeypointRegressor eta, IDisposable? owner = null)
    {
        this.beta = beta;
        this.eta = eta;
        this.owner = owner;
    }

    /// <summary>Opens that of a run's newest checkpoint.</summary>
    /// <exception cref="InvalidDataException">The run has none: it has no checkpoint of its training, or η was not pre-trained.</exception>
    public static OfflineRegressor Open(RunFolder run)
    {
        CheckpointFile newest = run.RequireTrained();
        if (run.Recipe.Method != TrainingMethod.KeypointGan)
            throw new InvalidDataException($"The run '{run.Path}' keeps no offline η: method {run.Recipe.Method} has none.");
        var model = TrainingNetworks.Create(run.Recipe, TrainingCheckpoint.ReadSkeleton(newest));
        using (NewDisposeScope())
            TrainingCheckpoint.RestoreNetworks(newest, model);
        if (model.OfflineEta is not null)
            return new OfflineRegressor(model.Networks.Beta, model.OfflineEta, model);
        model.Dispose();
        throw new InvalidDataException(
            $"The run '{run.Path}' keeps no offline η: its recipe pre-trains none (regressor_pretraining.steps) and starts "
            + "from no run that did, or an earlier version wrote its checkpoint.");
    }

    /// <summary>What it reads off the rendered poses.</summary>
    /// <param name="poses">N poses of K points in pixels.</param>
    /// <param name="width">Width of their image in pixels.</param>
    /// <param name="height">Its height.</param>
    public Vector2[][] Read(IReadOnlyList<Vector2[]> poses, int width, int height)
    {
        using var region = CollectionFreeRegion.Begin();
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        Vector2[] points = [.. poses.SelectMany(pose => pose).Select(point => NormalizedCoordinates.FromPixel(point, width, height))];
        Tensor p = tensor(MemoryMarshal.Cast<Vector2, float>(points).ToArray(), [poses.Count, points.Length / poses.Count, 2],
            device: DeviceTensors.Cpu).OnDevice(beta.Device);
        (Tensor read, Tensor __) = eta.call(beta.call(p));
        return PointTensors.ToPixels(read, width, height);
    }

    /// <inheritdoc/>
    public void Dispose() => owner?.Dispose();
}
