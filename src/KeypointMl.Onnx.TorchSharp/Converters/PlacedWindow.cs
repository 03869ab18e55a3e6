namespace KeypointMl.Onnx.TorchSharp;

/// <summary>A pooling window with the padding under which ONNX places it where PyTorch does.</summary>
/// <param name="Window">The window.</param>
/// <param name="Ends">How far it reaches out at the end; at the beginning it is the window's padding.</param>
/// <param name="CeilMode">Whether ONNX's ceil_mode is needed.</param>
internal sealed record PlacedWindow(Window Window, long[] Ends, bool CeilMode)
{
    /// <summary>Whether some window may reach beyond PyTorch's padding.</summary>
    public bool ReachesBeyond => CeilMode || !Ends.SequenceEqual(Window.Padding);

    /// <summary>The attributes that the ONNX pooling operators share.</summary>
    public (string Name, object Value)[] Attributes() => Attributes(Window.Padding, Ends);

    /// <summary>The attributes that the ONNX pooling operators share, with other padding.</summary>
    public (string Name, object Value)[] Attributes(long[] begins, long[] ends) =>
    [
        ("ceil_mode", CeilMode),
        ("kernel_shape", Window.Kernel),
        ("pads", (long[])[.. begins, .. ends]),
        ("strides", Window.Stride),
    ];
}
