namespace KeypointMl.Onnx.Shapes;

/// <summary>The whole numbers of Range.</summary>
internal static class IntegerRange
{
    /// <summary>How many numbers from a start on, a step apart, lie before a limit.</summary>
    public static Int128 Count(Int128 start, Int128 limit, Int128 step) =>
        Int128.Max(0, (limit - start + step - Int128.Sign(step)) / step);
}
