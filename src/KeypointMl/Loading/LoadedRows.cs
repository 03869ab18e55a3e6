using Microsoft.ML.Data;

namespace KeypointMl.Loading;

/// <summary>A walk over the rows of a <see cref="LoadedDataView"/>.</summary>
internal abstract class LoadedRows : IDisposable
{
    /// <summary>Goes to the next row; false at the end.</summary>
    public abstract bool MoveNext();

    /// <summary>
    /// The getter of the current row's value in a column: a <see cref="Microsoft.ML.ValueGetter{TValue}"/> of the
    /// column's raw type.
    /// </summary>
    public abstract Delegate Getter(string column);

    public virtual void Dispose()
    {
    }

    protected static void Write(ReadOnlySpan<float> source, ref VBuffer<float> value)
    {
        var editor = VBufferEditor.Create(ref value, source.Length);
        source.CopyTo(editor.Values);
        value = editor.Commit();
    }

    protected static void Write(Poses.Geometry.Box box, ref VBuffer<float> value) =>
        Write([box.X, box.Y, box.Width, box.Height], ref value);
}
