using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl;

/// <summary>Vectors: a getter may write into the buffer it is given, so each slot has its own, and the caller gets a copy.</summary>
internal sealed class ReadAheadVectors<T>(DataViewRow row, DataViewSchema.Column column, int capacity) : ReadAheadColumn<VBuffer<T>>
{
    private readonly ValueGetter<VBuffer<T>> getter = row.GetGetter<VBuffer<T>>(column);
    private readonly VBuffer<T>[] values = new VBuffer<T>[capacity];

    public ref readonly VBuffer<T> this[int slot] => ref values[slot];

    public override void Fill(int slot) => getter(ref values[slot]);

    public override void CopyTo(int slot, ref VBuffer<T> value) => values[slot].CopyTo(ref value);
}
