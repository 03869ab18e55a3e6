using KeypointMl.Training.Tensors;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace KeypointMl.Training.Augmentations;

/// <summary>Applies one <see cref="AffineMap"/> per sample to images and to keypoints.</summary>
public static class AffineWarp
{
    /// <summary>One [2,3] matrix per sample: [N,2,3] float32.</summary>
    /// <param name="maps">One per sample.</param>
    /// <param name="device">Where the images are; null: on the CPU.</param>
    public static Tensor Matrices(ReadOnlySpan<AffineMap> maps, Device? device = null)
    {
        var values = new float[maps.Length, 2, 3];
        for (int n = 0; n < maps.Length; n++)
        {
            AffineMap map = maps[n];
            (values[n, 0, 0], values[n, 0, 1], values[n, 0, 2]) = (map.Xx, map.Xy, map.X0);
            (values[n, 1, 0], values[n, 1, 1], values[n, 1, 2]) = (map.Yx, map.Yy, map.Y0);
        }
        return tensor(values, device: DeviceTensors.Cpu).OnDevice(device ?? DeviceTensors.Cpu);
    }

    /// <summary>
    /// Warps images [N,C,H,W]: output pixel u takes the bilinear value at map(u); outside the image the nearest edge
    /// pixel is repeated.
    /// </summary>
    /// <param name="images">[N,C,H,W].</param>
    /// <param name="matrices">[N,2,3] of <see cref="Matrices"/>.</param>
    public static Tensor Warp(Tensor images, Tensor matrices) => Warp(images, matrices, images.shape[2], images.shape[3]);

    /// <summary>As the other, into images of another size: [N,C,height,width].</summary>
    public static Tensor Warp(Tensor images, Tensor matrices, long height, long width)
    {
        Tensor grid = functional.affine_grid(matrices, [images.shape[0], images.shape[1], height, width], align_corners: true);
        return functional.grid_sample(images, grid, GridSampleMode.Bilinear, GridSamplePaddingMode.Border, align_corners: true);
    }

    /// <summary>Keypoints of warped images [N,K,2] → where they are in the originals, [N,K,2].</summary>
    public static Tensor ToOriginal(Tensor keypoints, Tensor matrices) =>
        matmul(keypoints, matrices.narrow(2, 0, 2).transpose(1, 2)) + matrices.narrow(2, 2, 1).transpose(1, 2);

    /// <summary>Maps [N,2,3] that do <paramref name="inner"/> first and <paramref name="outer"/> then.</summary>
    internal static Tensor After(Tensor outer, Tensor inner)
    {
        Tensor linear = outer.narrow(2, 0, 2);
        return cat([matmul(linear, inner.narrow(2, 0, 2)), matmul(linear, inner.narrow(2, 2, 1)) + outer.narrow(2, 2, 1)], 2);
    }

    /// <summary>
    /// Keypoints of the originals [N,K,2] → where they are in the warped images: the inverse of
    /// <see cref="ToOriginal"/>. No map may be singular.
    /// </summary>
    internal static Tensor ToWarped(Tensor keypoints, Tensor matrices)
    {
        Tensor from = keypoints - matrices.narrow(2, 2, 1).transpose(1, 2);
        (Tensor xx, Tensor xy) = (Entry(0, 0), Entry(0, 1));
        (Tensor yx, Tensor yy) = (Entry(1, 0), Entry(1, 1));
        Tensor determinant = xx * yy - xy * yx;
        (Tensor x, Tensor y) = (from.select(2, 0), from.select(2, 1));
        return stack([(yy * x - xy * y) / determinant, (xx * y - yx * x) / determinant], -1);

        Tensor Entry(int row, int column) => matrices.select(1, row).narrow(1, column, 1); // [N,1]
    }
}
