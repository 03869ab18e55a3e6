namespace KeypointMl.Training.Tests.Onnx;

/// <summary>What a parity run found.</summary>
/// <param name="Operators">The ONNX operators that the subject became, by opset.</param>
/// <param name="Difference">The largest difference over opsets and batch sizes.</param>
internal sealed record ParityResult(IReadOnlyDictionary<int, IReadOnlySet<string>> Operators, Difference Difference);
