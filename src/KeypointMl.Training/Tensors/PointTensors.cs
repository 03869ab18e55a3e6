using System.Numerics;
using KeypointMl.Poses.Geometry;
using static TorchSharp.torch;

namespace KeypointMl.Training.Tensors;

/// <summary>Brings points from tensors to the host.</summary>
internal static class PointTensors
{
    /// <summary>[N,K,2] in [−1,1] → pixels.</summary>
    public static Vector2[][] ToPixels(Tensor keypoints, int width, int height)
    {
        float[] values = DeviceReads.Singles(keypoints);
        int k = (int)keypoints.shape[1];
        return [.. values.Chunk(2 * k)
            .Select(pose => pose.Chunk(2)
                .Select(point => NormalizedCoordinates.ToPixel(new Vector2(point[0], point[1]), width, height)).ToArray())];
    }
}
