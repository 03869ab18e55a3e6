namespace KeypointMl.Data.Csv;

/// <summary>Text of which no more is given out for one row than <see cref="CsvLimits.Row"/>, whatever the row's quotes say.</summary>
/// <param name="inner">The text; disposed with this.</param>
internal sealed class RowLimitedReader(TextReader inner) : TextReader
{
    private long given;

    /// <summary>Says that the next row begins.</summary>
    public void BeginRow() => given = 0;

    /// <inheritdoc/>
    /// <exception cref="RowTooLongException">The row is too long.</exception>
    public override int Read(char[] buffer, int index, int count)
    {
        if (given > CsvLimits.Row)
            throw new RowTooLongException();
        int read = inner.Read(buffer, index, count);
        given += read;
        return read;
    }

    /// <inheritdoc/>
    /// <exception cref="RowTooLongException">The row is too long.</exception>
    public override int Read()
    {
        if (++given > CsvLimits.Row)
            throw new RowTooLongException();
        return inner.Read();
    }

    /// <inheritdoc/>
    public override int Peek() => inner.Peek();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>A row has more than <see cref="CsvLimits.Row"/> characters.</summary>
internal sealed class RowTooLongException : Exception;
