namespace KeypointMl.Scoring;

/// <summary>A frame of the inputs, and which rows it must have.</summary>
/// <param name="Source">The input's name.</param>
/// <param name="Frame">Its number.</param>
/// <param name="Items">The items of its rows, in order.</param>
/// <param name="IsOptional">It has no box: no row, or one that says why the frame could not be read.</param>
/// <param name="Beyond">Where greater than 0: any number of further frames of a video from here on, so far apart.</param>
internal readonly record struct ExpectedFrame(string Source, long Frame, IReadOnlyList<string> Items, bool IsOptional = false, int Beyond = 0);
