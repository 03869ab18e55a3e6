namespace KeypointMl.Data;

/// <summary>A column of records.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Offset">Its first byte in a record.</param>
/// <param name="Type">What it holds.</param>
internal sealed record Hdf5Member(string Name, int Offset, Hdf5Type Type);
