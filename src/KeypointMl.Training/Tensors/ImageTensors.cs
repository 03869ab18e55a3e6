using static TorchSharp.torch;

namespace KeypointMl.Training.Tensors;

/// <summary>The one place that turns byte images into the networks' tensors and back.</summary>
public static class ImageTensors
{
    /// <summary>
    /// Bytes [N,H,W,3] RGB → float32 [N,3,H,W] in [−1,1] (v/127.5 − 1), laid out channels-last, which convolutions
    /// prefer. Bytes are what is copied to a device.
    /// </summary>
    /// <param name="images">The bytes; they are free again when this returns.</param>
    /// <param name="count">N.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <param name="device">Where to; null: the CPU.</param>
    public static Tensor FromBytes(byte[] images, int count, int height, int width, Device? device = null)
    {
        using var scope = NewDisposeScope();
        Tensor bytes = frombuffer(images, ScalarType.Byte, count: (long)count * height * width * 3).OnDevice(device ?? DeviceTensors.Cpu);
        return bytes.reshape(count, height, width, 3).to(ScalarType.Float32).div_(127.5).sub_(1).permute(0, 3, 1, 2)
            .MoveToOuterDisposeScope();
    }

    /// <summary>Float images [N,C,H,W] in [−1,1] with C = 1 or 3 → bytes [N,H,W,3], clamped and rounded; one channel is repeated.</summary>
    public static byte[] ToBytes(Tensor images)
    {
        using var scope = NewDisposeScope();
        Tensor rgb = images.shape[1] == 1 ? images.expand(-1, 3, -1, -1) : images;
        Tensor bytes = rgb.detach().permute(0, 2, 3, 1).add(1).mul(127.5).round().clamp(0, 255).to(ScalarType.Byte);
        return DeviceReads.Bytes(bytes);
    }

    /// <summary>The same values laid out channels-last.</summary>
    internal static Tensor ChannelsLast(Tensor images) => images.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2);
}
