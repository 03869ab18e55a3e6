using KeypointMl.Data;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training;

/// <summary>
/// Random thin-plate splines g on a grid of control points, for pairs (g₁(x), g₂(x)) from single images (section 3.2; the authors' release: a 10×10 grid, U(r) = r²·log r²). The
/// displacement of the control points is a fixed linear map away from the displacement of every pixel, so it is solved once.
/// </summary>
public sealed class ThinPlateSpline : IDisposable
{
    private readonly int height;
    private readonly int width;
    private readonly Tensor basis;   // [H·W, G²]: pixel displacement per control-point displacement
    private readonly Tensor pixels;  // [H·W, 2]
    private readonly int controlPoints;

    /// <param name="height">H of the images.</param>
    /// <param name="width">W of the images.</param>
    /// <param name="gridSize">Control points per axis.</param>
    public ThinPlateSpline(int height, int width, int gridSize = 10)
    {
        this.height = height;
        this.width = width;
        controlPoints = gridSize * gridSize;
        using var scope = NewDisposeScope();
        pixels = SkeletonRenderer.PixelGrid(height, width).MoveToOuterDisposeScope();
        Tensor control = SkeletonRenderer.PixelGrid(gridSize, gridSize).to(ScalarType.Float64);
        Tensor kernel = Kernel(control, control);                                        // [G²,G²]
        Tensor affine = cat([ones(controlPoints, 1, dtype: ScalarType.Float64), control], 1);   // [G²,3]
        Tensor system = cat([cat([kernel, affine], 1), cat([affine.t(), zeros(3, 3, dtype: ScalarType.Float64)], 1)], 0);
        Tensor right = cat([eye(controlPoints, dtype: ScalarType.Float64), zeros(3, controlPoints, dtype: ScalarType.Float64)], 0);
        Tensor weights = linalg.solve(system, right);                                    // [G²+3,G²]
        Tensor points = pixels.to(ScalarType.Float64);
        Tensor features = cat([Kernel(points, control), ones(points.shape[0], 1, dtype: ScalarType.Float64), points], 1);
        basis = matmul(features, weights).to(ScalarType.Float32).MoveToOuterDisposeScope();
        pixels.DetachFromDisposeScope();
        basis.DetachFromDisposeScope();
    }

    /// <summary>Draws a sampling grid per sample: an affine map times a smooth warp.</summary>
    /// <param name="count">N.</param>
    /// <param name="options">Spread of rotation, scale, translation.</param>
    /// <param name="affineWarp">Standard deviation of the control points' displacement at the coarse scale.</param>
    /// <param name="localWarp">Standard deviation of the control points' own displacement.</param>
    /// <param name="random">Drawn from.</param>
    /// <returns>[N,H,W,2]: where each output pixel is sampled, in [−1,1].</returns>
    public Tensor SampleGrids(int count, ThinPlateSplineSpread options, double affineWarp, double localWarp, ref SeededRandom random)
    {
        var displacement = new float[count, controlPoints, 2];
        var maps = new AffineMap[count];
        for (int n = 0; n < count; n++)
        {
            double angle = random.Gaussian() * options.RotationDegrees * Math.PI / 180;
            double scale = 1 + random.Gaussian() * options.Scale;
            maps[n] = new AffineMap(
                (float)(scale * Math.Cos(angle) + random.Gaussian() * affineWarp), (float)(-scale * Math.Sin(angle) + random.Gaussian() * affineWarp), (float)(random.Gaussian() * options.Translation),
                (float)(scale * Math.Sin(angle) + random.Gaussian() * affineWarp), (float)(scale * Math.Cos(angle) + random.Gaussian() * affineWarp), (float)(random.Gaussian() * options.Translation));
            for (int i = 0; i < controlPoints; i++)
            {
                displacement[n, i, 0] = (float)(random.Gaussian() * localWarp);
                displacement[n, i, 1] = (float)(random.Gaussian() * localWarp);
            }
        }
        Tensor warped = pixels + matmul(basis, tensor(displacement));   // [N,H·W,2]
        return AffineWarp.ToOriginal(warped, AffineWarp.Matrices(maps)).reshape(count, height, width, 2);
    }

    /// <summary>Warps images [N,C,H,W] by <see cref="SampleGrids"/>; outside the image the nearest edge pixel is repeated.</summary>
    public static Tensor Warp(Tensor images, Tensor grids) =>
        functional.grid_sample(images, grids, GridSampleMode.Bilinear, GridSamplePaddingMode.Border, align_corners: true);

    /// <inheritdoc/>
    public void Dispose()
    {
        basis.Dispose();
        pixels.Dispose();
    }

    private static Tensor Kernel(Tensor from, Tensor to)
    {
        Tensor squared = (from.unsqueeze(1) - to.unsqueeze(0)).square().sum(-1);
        return squared * (squared + 1e-12).log();
    }
}
