namespace KeypointMl.Onnx.TorchSharp.Ops;

/// <summary>What <see cref="Elementwise"/> applies to every element.</summary>
public enum ElementwiseFunction
{
    /// <summary>|x|. ONNX: Abs.</summary>
    Abs,

    /// <summary>−x. ONNX: Neg.</summary>
    Negate,

    /// <summary>eˣ. ONNX: Exp.</summary>
    Exp,

    /// <summary>The natural logarithm. ONNX: Log.</summary>
    Log,

    /// <summary>√x. ONNX: Sqrt.</summary>
    Sqrt,

    /// <summary>1/√x. ONNX: Sqrt and Reciprocal.</summary>
    Rsqrt,

    /// <summary>1/x. ONNX: Reciprocal.</summary>
    Reciprocal,

    /// <summary>x². ONNX: Mul.</summary>
    Square,

    /// <summary>The sine. ONNX: Sin.</summary>
    Sin,

    /// <summary>The cosine. ONNX: Cos.</summary>
    Cos,

    /// <summary>The hyperbolic tangent. ONNX: Tanh.</summary>
    Tanh,

    /// <summary>1/(1 + e⁻ˣ). ONNX: Sigmoid.</summary>
    Sigmoid,

    /// <summary>The error function. ONNX: Erf.</summary>
    Erf,

    /// <summary>−1, 0 or 1. ONNX: Sign.</summary>
    Sign,

    /// <summary>The largest whole number that is not larger. ONNX: Floor.</summary>
    Floor,

    /// <summary>The smallest whole number that is not smaller. ONNX: Ceil.</summary>
    Ceiling,

    /// <summary>The nearest whole number, of two the even one. ONNX: Round.</summary>
    Round,
}
