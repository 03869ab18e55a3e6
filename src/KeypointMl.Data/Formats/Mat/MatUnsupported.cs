namespace KeypointMl.Data;

/// <summary>A value in a MATLAB file that is not read: an object, a function handle, a sparse matrix. It is an error only for whoever needs it.</summary>
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
