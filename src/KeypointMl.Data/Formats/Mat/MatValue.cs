namespace KeypointMl.Data.Formats.Mat;

/// <summary>
/// A value in a MATLAB file. It knows where it stands, so that a complaint about it names file and path (<c>annot.mat:
/// annot2{3}</c>).
/// </summary>
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

/// <summary>A cell array in a MATLAB file.</summary>
public sealed class MatCell : MatValue
{
    /// <summary>Stores the items.</summary>
    internal MatCell(string where, int[] dimensions, MatValue[] items)
        : base(where, dimensions)
    {
        Items = items;
    }

    /// <summary>The items, column by column.</summary>
    public IReadOnlyList<MatValue> Items { get; }

    private protected override string Kind => "cell";
}

/// <summary>Text in a MATLAB file.</summary>
public sealed class MatText : MatValue
{
    /// <summary>Stores the text.</summary>
    internal MatText(string where, int[] dimensions, string text)
        : base(where, dimensions)
    {
        Text = text;
    }

    /// <summary>The characters of a row; of several rows, column by column, as they are stored.</summary>
    public string Text { get; }

    private protected override string Kind => "char";
}

/// <summary>
/// A value in a MATLAB file that is not read: an object, a function handle, a sparse matrix. It is an error only for
/// whoever needs it.
/// </summary>
internal sealed class MatUnsupported : MatValue
{
    private readonly string kind;

    internal MatUnsupported(string where, int[] dimensions, string kind)
        : base(where, dimensions)
    {
        this.kind = kind;
    }

    private protected override string Kind => kind;
}

/// <summary>A struct, or an array of structs, in a MATLAB file.</summary>
public sealed class MatStruct : MatValue
{
    private readonly IReadOnlyDictionary<string, MatValue[]> fields;

    /// <summary>Stores the fields: for each name one value per element of the array, column by column.</summary>
    internal MatStruct(string where, int[] dimensions, IReadOnlyDictionary<string, MatValue[]> fields)
        : base(where, dimensions)
    {
        this.fields = fields;
    }

    /// <summary>The names of its fields.</summary>
    public IEnumerable<string> FieldNames => fields.Keys;

    private protected override string Kind => "struct";

    /// <summary>A field of one element.</summary>
    /// <param name="field">Its name.</param>
    /// <param name="element">Which struct of the array, column by column.</param>
    /// <exception cref="InvalidDataException">There is no such field or element.</exception>
    public MatValue Get(string field, int element = 0) =>
        !fields.TryGetValue(field, out MatValue[]? values)
        ? throw Error($"expected a field '{field}'; the fields are {string.Join(", ", fields.Keys.Take(20))}")
        : (uint)element < (uint)values.Length ? values[element]
        : throw Error($"expected at least {element + 1} of them");
}
