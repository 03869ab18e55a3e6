using static TorchSharp.torch;

namespace KeypointMl.Training.Tensors;

/// <summary>
/// The one place where training reads what a device computed. On a GPU every call waits until all is done that was
/// asked of it, so a step makes none; a test counts them.
/// </summary>
internal static class DeviceReads
{
    [ThreadStatic]
    private static long count;

    /// <summary>How often this thread has read.</summary>
    public static long Count => count;

    /// <summary>A float32 scalar.</summary>
    public static float Single(Tensor scalar)
    {
        count++;
        return scalar.item<float>();
    }

    /// <summary>A float32 tensor's elements, in their logical order.</summary>
    public static float[] Singles(Tensor values) => Elements<float>(values);

    /// <summary>A float64 tensor's elements, in their logical order.</summary>
    public static double[] Doubles(Tensor values) => Elements<double>(values);

    /// <summary>A byte tensor's elements, in their logical order.</summary>
    public static byte[] Bytes(Tensor values) => Elements<byte>(values);

    /// <summary>A boolean tensor's elements, in their logical order.</summary>
    public static bool[] Booleans(Tensor values) => Elements<bool>(values);

    private static T[] Elements<T>(Tensor values)
        where T : unmanaged
    {
        count++;
        using var scope = NewDisposeScope();
        return [.. values.detach().cpu().contiguous().data<T>()];
    }
}
