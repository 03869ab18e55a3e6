namespace KeypointMl.Data;

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
