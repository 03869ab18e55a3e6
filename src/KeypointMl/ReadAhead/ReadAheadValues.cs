using Microsoft.ML;

namespace KeypointMl;

/// <summary>Values that are copied by assignment: numbers, keys, ids, dates, and text, whose characters ML.NET never overwrites.</summary>
internal sealed class ReadAheadValues<T>(DataViewRow row, DataViewSchema.Column column, int capacity) : ReadAheadColumn<T>
{
    private readonly ValueGetter<T> getter = row.GetGetter<T>(column);
    private readonly T[] values = new T[capacity];

    public T this[int slot] => values[slot];

    public override void Fill(int slot) => getter(ref values[slot]);

    public override void CopyTo(int slot, ref T value) => value = values[slot];
}
