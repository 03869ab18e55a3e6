using System.Runtime.ExceptionServices;
using KeypointMl.Inference.Detection;

namespace KeypointMl.Detection;

/// <summary>Some of a cursor's slots, which go through the graph together.</summary>
/// <param name="detection">The memory that the graph runs on; as many rows as slots.</param>
/// <param name="firstSlot">The first of the cursor's slots that are this batch's.</param>
internal sealed class ReadAheadBatch(DetectorBatch detection, int firstSlot)
{
    /// <summary>The memory that the graph runs on: its row i is slot <see cref="FirstSlot"/> + i.</summary>
    public DetectorBatch Detection { get; } = detection;

    public int FirstSlot { get; } = firstSlot;

    /// <summary>The rows read, from the first slot on.</summary>
    public int Rows { get; set; }

    /// <summary>The next row to be decoded. For <see cref="BatchWorkers"/>, under its lock.</summary>
    public int NextToDecode { get; set; }

    /// <summary>The rows not yet decoded. For <see cref="BatchWorkers"/>, under its lock.</summary>
    public int Undecoded { get; set; }

    /// <summary>Whether the graph has run, or failed to. For <see cref="BatchWorkers"/>, under its lock.</summary>
    public bool IsDone { get; set; }

    /// <summary>What the graph's run threw; null where nothing.</summary>
    public ExceptionDispatchInfo? RunFailure { get; set; }

    /// <summary>Makes it ready for new rows.</summary>
    public void Clear()
    {
        (Rows, NextToDecode, Undecoded) = (0, 0, 0);
        IsDone = false;
        RunFailure = null;
    }
}
