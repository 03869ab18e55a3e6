namespace KeypointMl.Testing;

/// <summary>What became of a reader's spoiled files.</summary>
internal sealed class FuzzResult
{
    /// <summary>How many there were.</summary>
    public int Cases { get; set; }

    /// <summary>How many were refused as documented; the others were read.</summary>
    public int Refused { get; set; }

    /// <summary>How many ended with an exception that is not documented, or one that does not name the file.</summary>
    public int Undocumented { get; set; }

    /// <summary>How many took longer than the reader may, twice.</summary>
    public int Slow { get; set; }

    /// <summary>The longest that one took: the lesser of two readings.</summary>
    public TimeSpan Slowest { get; set; }

    /// <summary>The most that one allocated, in bytes.</summary>
    public long MostAllocated { get; set; }

    /// <summary>By how many bytes the process's resident memory was larger at its peak than at the start; 0 where the system does not
    /// say.</summary>
    public long ResidentGrowth { get; set; }

    /// <summary>How long all of them took.</summary>
    public TimeSpan Elapsed { get; set; }
}
