namespace KeypointMl.Onnx;

/// <summary>One input or output in the specification of an operator.</summary>
/// <param name="Name">Its name in the specification.</param>
/// <param name="Type">The name of a type variable of the operator, or a type.</param>
/// <param name="IsOptional">Whether it may be left out.</param>
/// <param name="IsVariadic">Whether it, the last one, stands for any number of values.</param>
/// <param name="MayDiffer">Whether the values of a variadic one may be of different types.</param>
internal sealed record OperatorParameter(string Name, string Type, bool IsOptional, bool IsVariadic, bool MayDiffer);
