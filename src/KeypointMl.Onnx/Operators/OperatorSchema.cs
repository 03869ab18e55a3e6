using System.Collections.Frozen;
using System.Collections.Immutable;

namespace KeypointMl.Onnx.Operators;

/// <summary>What the ONNX specification says of an operator from a version on.</summary>
/// <param name="Name">The operator.</param>
/// <param name="Since">The first opset in which it looks like this.</param>
/// <param name="IsDeprecated">Whether it must not be used any more from that version on.</param>
/// <param name="Inputs">Its inputs.</param>
/// <param name="Outputs">Its outputs.</param>
/// <param name="Attributes">Its attributes by name.</param>
/// <param name="Types">The types allowed for each type variable.</param>
internal sealed record OperatorSchema(
    string Name,
    int Since,
    bool IsDeprecated,
    ImmutableArray<OperatorParameter> Inputs,
    ImmutableArray<OperatorParameter> Outputs,
    FrozenDictionary<string, OperatorAttribute> Attributes,
    FrozenDictionary<string, FrozenSet<string>> Types)
{
    /// <summary>The fewest inputs.</summary>
    public int MinInputs { get; init; }

    /// <summary>The most inputs.</summary>
    public int MaxInputs => Most(Inputs);

    /// <summary>The fewest outputs.</summary>
    public int MinOutputs { get; init; }

    /// <summary>The most outputs.</summary>
    public int MaxOutputs => Most(Outputs);

    /// <summary>The only numbers of outputs allowed; empty where all from the fewest to the most are.</summary>
    public ImmutableArray<int> OutputCounts { get; init; } = [];

    /// <summary>
    /// The parameter that describes an input or output by its position: the last one where it is variadic and the
    /// position is beyond.
    /// </summary>
    public static OperatorParameter? At(ImmutableArray<OperatorParameter> parameters, int index) =>
        index < parameters.Length ? parameters[index] : parameters is [.., { IsVariadic: true } last] ? last : null;

    /// <summary>The types allowed for a parameter.</summary>
    public FrozenSet<string> Allowed(OperatorParameter parameter) => Types[parameter.Type];

    private static int Most(ImmutableArray<OperatorParameter> parameters) =>
        parameters is [.., { IsVariadic: true }] ? int.MaxValue : parameters.Length;
}

/// <summary>One input or output in the specification of an operator.</summary>
/// <param name="Name">Its name in the specification.</param>
/// <param name="Type">The name of a type variable of the operator, or a type.</param>
/// <param name="IsOptional">Whether it may be left out.</param>
/// <param name="IsVariadic">Whether it, the last one, stands for any number of values.</param>
/// <param name="MayDiffer">Whether the values of a variadic one may be of different types.</param>
internal sealed record OperatorParameter(string Name, string Type, bool IsOptional, bool IsVariadic, bool MayDiffer);
