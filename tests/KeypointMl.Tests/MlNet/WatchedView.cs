using Microsoft.ML;
using Microsoft.ML.Data;

namespace KeypointMl.Tests.MlNet;

/// <summary>A view that counts its open cursors and the rows that were read through one.</summary>
internal sealed class WatchedView(IDataView inner) : IDataView
{
    public int OpenCursors { get; private set; }

    public int MostRowsRead { get; private set; }

    public DataViewSchema Schema => inner.Schema;

    public bool CanShuffle => inner.CanShuffle;

    public long? GetRowCount() => inner.GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
        new Cursor(this, inner.GetRowCursor(columnsNeeded, rand));

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [GetRowCursor(columnsNeeded, rand)];

    private sealed class Cursor : DataViewRowCursor
    {
        private readonly WatchedView view;
        private readonly DataViewRowCursor inner;
        private int rows;
        private bool disposed;

        public Cursor(WatchedView view, DataViewRowCursor inner)
        {
            this.view = view;
            this.inner = inner;
            view.OpenCursors++;
        }

        public override DataViewSchema Schema => view.Schema;

        public override long Position => inner.Position;

        public override long Batch => inner.Batch;

        public override bool MoveNext()
        {
            view.MostRowsRead = Math.Max(view.MostRowsRead, ++rows);
            return inner.MoveNext();
        }

        public override ValueGetter<DataViewRowId> GetIdGetter() => inner.GetIdGetter();

        public override bool IsColumnActive(DataViewSchema.Column column) => inner.IsColumnActive(column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => inner.GetGetter<TValue>(column);

        protected override void Dispose(bool disposing)
        {
            if (disposing && !disposed)
            {
                disposed = true;
                view.OpenCursors--;
                inner.Dispose();
            }
            base.Dispose(disposing);
        }
    }
}
