namespace KeypointMl.Onnx;

/// <summary>What an operator does in the integer domain.</summary>
internal enum UnitKind
{
    /// <summary>Multiplies an activation with stored weights; its result has a range of its own.</summary>
    Weighted,

    /// <summary>Combines or maps activations; its result has a range of its own.</summary>
    OwnRange,

    /// <summary>Moves or mixes numbers; the integer kernel works on the numbers as they are, so its result has the range of what it reads.</summary>
    SharedRange,
}
