namespace KeypointMl.Data;

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
