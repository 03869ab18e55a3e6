using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Rows;

/// <summary>The values of one input column for the rows of a batch: the input's cursor has moved on when they are asked for.</summary>
internal abstract class ReadAheadColumn
{
    /// <summary>Takes the current row's value; where it cannot be read, the slot is left without one.</summary>
    public abstract void Fill(int slot);

    /// <summary>The fitting kind of column for a type of value.</summary>
    /// <param name="row">The input's cursor or row.</param>
    /// <param name="column">The column, active in <paramref name="row"/>.</param>
    /// <param name="capacity">The number of slots.</param>
    public static ReadAheadColumn Create(DataViewRow row, DataViewSchema.Column column, int capacity)
    {
        Type type = column.Type.RawType;
        if (type == typeof(MLImage))
            return new ReadAheadImages(row, column, capacity);
        Type columnType = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(VBuffer<>)
            ? typeof(ReadAheadVectors<>).MakeGenericType(type.GetGenericArguments()[0])
            : typeof(ReadAheadValues<>).MakeGenericType(type);
        return (ReadAheadColumn)Activator.CreateInstance(columnType, row, column, capacity)!;
    }
}

/// <typeparam name="T">The raw type of the column's values.</typeparam>
/// <inheritdoc/>
internal abstract class ReadAheadColumn<T> : ReadAheadColumn
{
    /// <summary>Gives a slot's value as an ML.NET getter does.</summary>
    public abstract void CopyTo(int slot, ref T value);
}

/// <summary>Values that are copied by assignment: numbers, keys, ids, dates, and text, whose characters ML.NET never overwrites.</summary>
internal sealed class ReadAheadValues<T>(DataViewRow row, DataViewSchema.Column column, int capacity) : ReadAheadColumn<T>
{
    private readonly ValueGetter<T> getter = row.GetGetter<T>(column);
    private readonly T[] values = new T[capacity];

    public T this[int slot] => values[slot];

    public override void Fill(int slot)
    {
        values[slot] = default!;
        getter(ref values[slot]);
    }

    public override void CopyTo(int slot, ref T value) => value = values[slot];
}

/// <summary>Vectors: a getter may write into the buffer it is given, so each slot has its own, and the caller gets a copy.</summary>
internal sealed class ReadAheadVectors<T>(DataViewRow row, DataViewSchema.Column column, int capacity) : ReadAheadColumn<VBuffer<T>>
{
    private readonly ValueGetter<VBuffer<T>> getter = row.GetGetter<VBuffer<T>>(column);
    private readonly VBuffer<T>[] values = new VBuffer<T>[capacity];

    public ref readonly VBuffer<T> this[int slot] => ref values[slot];

    public override void Fill(int slot)
    {
        values[slot] = VBufferEditor.Create(ref values[slot], 0).Commit(); // keeps its memory
        getter(ref values[slot]);
    }

    public override void CopyTo(int slot, ref VBuffer<T> value) => values[slot].CopyTo(ref value);
}
