namespace KeypointMl.Onnx.TorchSharp.Emitting;

/// <summary>
/// A module that writes its own ONNX nodes. The tracer takes a call of such a module as one step and does not look
/// inside, so it may use any tensor operation in its <c>forward</c>, as long as <see cref="ToOnnx"/> says the same in
/// ONNX operators.
/// </summary>
public interface IOnnxExportable
{
    /// <summary>Adds the nodes of one call of the module.</summary>
    /// <param name="context">Adds nodes and constants, and knows the traced shapes.</param>
    /// <param name="inputs">The names of the values the call received, in the order of its tensor arguments.</param>
    /// <returns>
    /// The names of the values it gives, in the order of its tensor results. A name of an input may be returned as it
    /// is.
    /// </returns>
    IReadOnlyList<string> ToOnnx(OnnxExportContext context, IReadOnlyList<string> inputs);
}
