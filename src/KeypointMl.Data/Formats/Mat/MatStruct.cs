namespace KeypointMl.Data;

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
        !fields.TryGetValue(field, out MatValue[]? values) ? throw Error($"expected a field '{field}'; the fields are {string.Join(", ", fields.Keys.Take(20))}")
        : (uint)element < (uint)values.Length ? values[element]
        : throw Error($"expected at least {element + 1} of them");
}
