namespace KeypointMl.Onnx.TorchSharp;

/// <summary>Writes one call of a module as ONNX nodes.</summary>
/// <typeparam name="TModule">The module's type.</typeparam>
/// <param name="context">Adds nodes and constants, and knows the traced shapes.</param>
/// <param name="module">The module.</param>
/// <param name="inputs">The names of the values the call received.</param>
/// <returns>The names of the values it gives, in the order of its tensor results.</returns>
public delegate IReadOnlyList<string> OnnxConverter<in TModule>(OnnxExportContext context, TModule module, IReadOnlyList<string> inputs);
