namespace KeypointMl.Onnx.TorchSharp;

/// <summary>How <see cref="Compare"/> compares, by the name of the ONNX operator.</summary>
public enum Comparison
{
    /// <summary>left = right.</summary>
    Equal,

    /// <summary>left &lt; right.</summary>
    Less,

    /// <summary>left ≤ right.</summary>
    LessOrEqual,

    /// <summary>left &gt; right.</summary>
    Greater,

    /// <summary>left ≥ right.</summary>
    GreaterOrEqual,
}
