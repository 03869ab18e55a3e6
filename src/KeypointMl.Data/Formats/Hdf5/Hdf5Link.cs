namespace KeypointMl.Data;

/// <summary>A name in a group, and what it stands for.</summary>
/// <param name="Name">The name.</param>
/// <param name="Address">The object's header; undefined for a link that is no hard one.</param>
/// <param name="Target">Of a soft link: the path that it stands for.</param>
/// <param name="IsForeign">Whether it leads out of the file, or is of a kind that is not known.</param>
internal sealed record Hdf5Link(string Name, ulong Address, string? Target = null, bool IsForeign = false);
