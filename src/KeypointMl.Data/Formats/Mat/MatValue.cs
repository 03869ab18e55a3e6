namespace KeypointMl.Data;

/// <summary>A value in a MATLAB file. It knows where it stands, so that a complaint about it names file and path (<c>annot.mat: annot2{3}</c>).</summary>
public abstract class MatValue
{
    private protected MatValue(string where, int[] dimensions)
    {
        Where = where;
        Dimensions = dimensions;
    }

    /// <summary>Where it stands: file and path.</summary>
    public string Where { get; }

    /// <summary>Its size along each dimension, rows first; elements are stored column by column.</summary>
    public IReadOnlyList<int> Dimensions { get; }

    /// <summary>The number of elements.</summary>
    public int Count => Dimensions.Aggregate(1, (product, size) => product * size);

    /// <summary>What it is, for messages: <c>3×2 double</c>.</summary>
    public string Description => $"{string.Join('×', Dimensions)} {Kind}";

    private protected abstract string Kind { get; }

    /// <summary>As numbers.</summary>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public MatNumeric AsNumeric() => this as MatNumeric ?? throw Error("expected numbers");

    /// <summary>As text.</summary>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public string AsText() => this is MatText text ? text.Text : throw Error("expected text");

    /// <summary>As a cell array.</summary>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public MatCell AsCell() => this as MatCell ?? throw Error("expected a cell array");

    /// <summary>As a struct.</summary>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public MatStruct AsStruct() => this as MatStruct ?? throw Error("expected a struct");

    /// <summary>A complaint about this value.</summary>
    /// <param name="expected">What was expected instead, without a full stop.</param>
    public InvalidDataException Error(string expected) => new($"{Where} is {Description}; {expected}.");
}
