using KeypointMl.Data;
using KeypointMl.Training.Networks;
using KeypointMl.Training.Tensors;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Augmentations;

/// <summary>
/// Random thin-plate splines g for pairs (g₁(x), g₂(x)) from single images (section 3.2), as the authors' release
/// samples them: a 10×10 grid of control points over the image with half its size of repeated edge on every side, in
/// whose [−1,1] coordinates v the map is g(v) = Σᵢ wᵢ·U(‖v − cᵢ‖²) + t + A·v, U(s) = s·log s. The weights wᵢ are drawn
/// themselves; nothing is interpolated.
/// </summary>
public sealed class ThinPlateSpline : IDisposable
{
    private const double SmallestSquaredDistance = 1e-8;
    private const int AffineTerms = 3;

    private readonly int height;
    private readonly int width;
    private readonly int controlPoints;
    private readonly Tensor features;  // [H·W, G²+3]: U of the distances to the control points, 1, x, y
    private readonly Tensor toPadded;  // [2]: image coordinates → those of the padded image
    private readonly Device device;

    /// <param name="height">H of the images.</param>
    /// <param name="width">W of the images.</param>
    /// <param name="gridSize">Control points per axis.</param>
    /// <param name="device">Where the images are; null: on the CPU.</param>
    public ThinPlateSpline(int height, int width, int gridSize = 10, Device? device = null)
    {
        this.device = device ?? DeviceTensors.Cpu;
        this.height = height;
        this.width = width;
        controlPoints = gridSize * gridSize;
        using var scope = NewDisposeScope();
        Tensor shrink = tensor(new[] { Shrink(width), Shrink(height) }, dtype: ScalarType.Float64, device: DeviceTensors.Cpu);
        Tensor control = SkeletonRenderer.PixelGrid(gridSize, gridSize).to(ScalarType.Float64);                  // [G²,2]
        Tensor points = SkeletonRenderer.PixelGrid(height, width).to(ScalarType.Float64) * shrink;             // [H·W,2]
        Tensor squared = (points.unsqueeze(1) - control.unsqueeze(0)).square().sum(-1).clamp_min(SmallestSquaredDistance);
        Tensor one = ones(points.shape[0], 1, dtype: ScalarType.Float64, device: DeviceTensors.Cpu);
        features = cat([squared * squared.log(), one, points], 1).OnDevice(this.device).DetachFromDisposeScope();
        toPadded = shrink.OnDevice(this.device).DetachFromDisposeScope();

        // The padded image has as many pixels more as half the image on both sides; ±1 are the centres of its first and last pixel.
        static double Shrink(int size) => (size - 1.0) / (size + 2 * (size / 2) - 1);
    }

    /// <summary>Draws a sampling grid per sample.</summary>
    /// <param name="count">N.</param>
    /// <param name="spread">Of rotation, scale and translation.</param>
    /// <param name="denseSd">Standard deviation of what every weight wᵢ has.</param>
    /// <param name="sparseSd">Standard deviation of what is added to a random half of them.</param>
    /// <param name="random">Drawn from.</param>
    /// <returns>[N,H,W,2]: where each output pixel is sampled, in the image's [−1,1].</returns>
    public Tensor SampleGrids(int count, ThinPlateSplineSpread spread, double denseSd, double sparseSd, ref SeededRandom random)
    {
        var weights = new double[count, controlPoints + AffineTerms, 2];
        for (int n = 0; n < count; n++)
        {
            double angle = random.Gaussian() * spread.RotationDegrees * Math.PI / 180;
            double scale = 1 + random.Gaussian() * spread.Scale;
            (weights[n, controlPoints, 0], weights[n, controlPoints, 1]) =
                (random.Gaussian() * spread.Translation, random.Gaussian() * spread.Translation);
            (weights[n, controlPoints + 1, 0], weights[n, controlPoints + 1, 1]) = (scale * Math.Cos(angle), -scale * Math.Sin(angle));
            (weights[n, controlPoints + 2, 0], weights[n, controlPoints + 2, 1]) = (scale * Math.Sin(angle), scale * Math.Cos(angle));
            for (int i = 0; i < controlPoints; i++)
            {
                weights[n, i, 0] = random.Gaussian() * denseSd + (random.Chance(0.5) ? random.Gaussian() * sparseSd : 0);
                weights[n, i, 1] = random.Gaussian() * denseSd + (random.Chance(0.5) ? random.Gaussian() * sparseSd : 0);
            }
        }
        return Grids(tensor(weights, device: DeviceTensors.Cpu).OnDevice(device));
    }

    /// <summary>The sampling grids of given splines.</summary>
    /// <param name="weights">
    /// [N,G²+3,2] float64, on the splines' device: the wᵢ of the control points, row by row, then t and the two columns
    /// of A: (x,y) of each.
    /// </param>
    /// <returns>[N,H,W,2] float32, as <see cref="SampleGrids"/>.</returns>
    public Tensor Grids(Tensor weights) => (matmul(features, weights) / toPadded).to(ScalarType.Float32).reshape(-1, height, width, 2);

    /// <summary>Warps images [N,C,H,W] by <see cref="SampleGrids"/>; outside the image the nearest edge pixel is repeated.</summary>
    public static Tensor Warp(Tensor images, Tensor grids) =>
        functional.grid_sample(images, grids, GridSampleMode.Bilinear, GridSamplePaddingMode.Border, align_corners: true);

    /// <inheritdoc/>
    public void Dispose()
    {
        features.Dispose();
        toPadded.Dispose();
    }
}

/// <summary>Standard deviations of a random thin-plate spline's affine part (the authors: 5°, 0.05, 0.05).</summary>
/// <param name="RotationDegrees">Of the rotation, in degrees.</param>
/// <param name="Scale">Of the scale about 1.</param>
/// <param name="Translation">Of the translation, in [−1,1] units.</param>
public sealed record ThinPlateSplineSpread(double RotationDegrees = 5, double Scale = 0.05, double Translation = 0.05);
