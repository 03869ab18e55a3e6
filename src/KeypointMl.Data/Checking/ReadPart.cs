namespace KeypointMl.Data;

/// <summary>What came of reading a part of a data set.</summary>
/// <param name="Name">Such as <c>labelled frames of split 'test'</c>.</param>
/// <param name="Records">How many records were read without complaint.</param>
/// <param name="Problems">A line for each that could not be; where a file of many records cannot be opened, one for all of them.</param>
public sealed record ReadPart(string Name, long Records, IReadOnlyList<string> Problems);
